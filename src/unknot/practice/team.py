"""The team's credentials as the manager sees them: how they stand, what is required, the check."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain.credentials.required import Requirement
from unknot.journey.choose.actions.requirements import require_credentials
from unknot.journey.choose.pages import checking
from unknot.journey.choose.reads import credentials as reads
from unknot.journey.choose.reads import team as teams
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.credential_forms import RequirementForm


@require_safe
@staff_required(Role.MANAGER)
def team(request: StaffRequest) -> HttpResponse:
    """Every therapist with their credentials, what these close, and what the practice requires."""
    practice = request.practice
    form = RequirementForm(
        initial={"kinds": practice.required_credentials, "checked": practice.required_checked}
    )
    return _page(request, form, ())


@require_POST
@staff_required(Role.MANAGER)
def required(request: StaffRequest) -> HttpResponse:
    """Choose what is required; whom that would close is told before it is saved."""
    form = RequirementForm(request.POST)
    if not form.is_valid():
        return _page(request, form, (), status=422)
    sent, now = form.cleaned_data, timezone.now()
    wanted = Requirement(kinds=tuple(sent["kinds"]), checked=sent["checked"])
    today = now.astimezone(request.practice.tz).date()
    closed = teams.would_be_closed(request.practice, wanted, today)
    if closed and request.POST.get("sure") != _mark(wanted):
        return _page(request, form, closed, sure=_mark(wanted), status=409)
    require_credentials(
        request.user, request.practice, kinds=wanted.kinds, checked=wanted.checked, now=now
    )
    messages.success(request, _("Saved. What is booked already stays."))
    return redirect("practice:team")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def check(request: StaffRequest, key: UUID) -> HttpResponse:
    """One credential of the team, with its documents and rosters, and the form of a check."""
    alone = tabs.works_alone(request.practice)
    return checking.check(
        request,
        key,
        template="practice/credential_check.html",
        back=reverse("practice:team"),
        context={"tabs": tabs.of_practice("practice:team", alone=alone)},
    )


def _mark(wanted: Requirement) -> str:
    """What a manager is sure of: this requirement, not another one."""
    return " ".join([*wanted.kinds, "checked" if wanted.checked else "told"])


def _page(
    request: StaffRequest,
    form: RequirementForm,
    closed: tuple[str, ...],
    *,
    sure: str = "",
    status: int = 200,
) -> HttpResponse:
    practice = request.practice
    today = timezone.now().astimezone(practice.tz).date()
    context = {
        "tabs": tabs.of_practice("practice:team", alone=tabs.works_alone(practice)),
        "team": teams.colleagues(practice, today),
        "kinds": [reads.KIND_NAMES[kind] for kind in practice.required_credentials],
        "must_be_checked": practice.required_checked,
        "horizon": practice.horizon_days,
        "form": form,
        "closed": closed,
        "sure": sure,
    }
    return render(request, "practice/team.html", context, status=status)
