"""Every questionnaire with why it is asked or not, and a practice's own wording of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.journey.understand import wordings
from unknot.journey.understand.actions import wording as actions
from unknot.people.models import Role
from unknot.people.requests import StaffRequest, staff_required
from unknot.practice import tabs
from unknot.practice.wording_forms import WordingForm
from unknot.web.errors import BadInput, Conflict


@require_safe
@staff_required(Role.MANAGER)
def questionnaires(request: StaffRequest) -> HttpResponse:
    """Every questionnaire of the data in three lists: asked, scored only, not used."""
    context = {"tabs": _tabs(request), "known": wordings.known_to(request.practice)}
    return render(request, "practice/questionnaires.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.MANAGER)
def questionnaire(request: StaffRequest, instrument: str) -> HttpResponse:
    """One questionnaire to word under the practice's licence, with every wording it had."""
    row = wordings.silent_row(request.practice, instrument)
    form = WordingForm(request.POST if request.method == "POST" else None, instrument=row)
    status = 200
    if request.method == "POST":
        status = _saved(request, row, form) if form.is_valid() and not row.why_not else 422
        if status == 302:
            return redirect("practice:questionnaire", instrument)
    context = {
        "tabs": _tabs(request),
        "row": row if status != 409 else wordings.silent_row(request.practice, instrument),
        "form": form,
        "practice": request.practice,
        "history": wordings.history(request.practice, instrument),
    }
    return render(request, "practice/questionnaire.html", context, status=status)


@require_POST
@staff_required(Role.MANAGER)
def stop_asking(request: StaffRequest, instrument: str) -> HttpResponse:
    """Ask a questionnaire no more; its wording and its old scores stay readable."""
    if actions.withdraw_wording(
        request.user, request.practice, instrument=instrument, now=timezone.now()
    ):
        messages.success(request, _("It is not asked any more. Earlier scores stay as they are."))
    else:
        messages.info(request, _("It was not being asked."))
    return redirect("practice:questionnaire", instrument)


def _saved(request: StaffRequest, row: wordings.SilentRow, form: WordingForm) -> int:
    """Record the wording; a refusal becomes an error of the form. Returns the status to answer."""
    try:
        actions.record_wording(
            request.user,
            request.practice,
            instrument=row.id,
            wording=form.wording,
            replaces=form.cleaned_data["replaces"],
            now=timezone.now(),
        )
    except (BadInput, Conflict) as problem:
        form.add_error(None, str(problem.sentence))
        if isinstance(problem, Conflict):
            now_on_page = wordings.silent_row(request.practice, row.id).own
            form.seen(now_on_page.id if now_on_page is not None else None)
        return int(problem.status)
    messages.success(request, _("Saved. It is asked in every check-in from now on."))
    return 302


def _tabs(request: StaffRequest) -> tuple[tabs.Tab, ...]:
    alone = tabs.works_alone(request.practice)
    return tabs.of_practice("practice:questionnaires", alone=alone)
