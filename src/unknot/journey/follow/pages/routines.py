"""The routine: what next, the plan and what it took, and what to do at home."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain.outcomes import home as items
from unknot.domain.outcomes.routine_wording import say
from unknot.domain.outcomes.summary_wording import parts
from unknot.journey.follow import access, routine_words
from unknot.journey.follow.actions import routines as actions
from unknot.journey.follow.reads import home, progress
from unknot.journey.follow.reads import routines as reads
from unknot.journey.follow.routine_form import HomeForm, RoutineForm
from unknot.people.models import Client, Role
from unknot.people.requests import (
    ClientRequest,
    MemberRequest,
    StaffRequest,
    client_required,
    staff_required,
)
from unknot.web.errors import BadInput


@require_safe
@client_required
def routine(request: ClientRequest) -> HttpResponse:
    """One's own routine: the next step with its reasons, the plan, its cost, and home."""
    now = timezone.now()
    found = reads.found(request.client, now=now, with_mind=True)
    return render(request, "follow/routine.html", _shown(request.client, found, own=True, now=now))


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def routine_edit(request: ClientRequest) -> HttpResponse:
    """Make one's routine or change it."""
    now = timezone.now()
    found = reads.found(request.client, now=now, with_mind=False)
    return _edit(request, request.client, found, own=True, now=now)


@require_POST
@client_required
def routine_state(request: ClientRequest) -> HttpResponse:
    """Pause one's routine, stop it, or go on with it."""
    state = request.POST.get("state", "")
    actions.change_state(request.user, request.client, state, now=timezone.now())
    return redirect("follow:routine")


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def home_plan(request: ClientRequest) -> HttpResponse:
    """Choose what to do at home."""
    return _choose(request, request.client, own=True)


@require_POST
@client_required
def home_day(request: ClientRequest, item: str) -> HttpResponse:
    """Say with one press whether something was done today."""
    done = {"yes": True, "no": False}.get(request.POST.get("done", ""))
    if done is None:
        raise BadInput
    actions.say_home(request.user, request.client, item, done=done, now=timezone.now())
    return redirect("follow:routine")


@require_safe
@staff_required(Role.THERAPIST)
def client_routine(request: StaffRequest, key: UUID) -> HttpResponse:
    """The same for the therapist who treats this client; nothing of the mind unless shared."""
    client, now = access.client_who_shares(request.user, key), timezone.now()
    with_mind = access.shares_mind(client)
    found = actions.open_routine(request.user, client, with_mind=with_mind, now=now)
    return render(request, "follow/routine.html", _shown(client, found, own=False, now=now))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def client_routine_edit(request: StaffRequest, key: UUID) -> HttpResponse:
    """Make or change the routine of a client whom one treats."""
    client, now = access.client_who_shares(request.user, key), timezone.now()
    found = actions.open_routine(request.user, client, with_mind=False, now=now)
    return _edit(request, client, found, own=False, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def client_home_plan(request: StaffRequest, key: UUID) -> HttpResponse:
    """Choose with a client what they do at home."""
    return _choose(request, access.client_who_shares(request.user, key), own=False)


def _shown(client: Client, found: reads.Found, *, own: bool, now: datetime) -> dict[str, Any]:
    plan, fit = found.plan, found.fit
    said = say(found.suggestion, found.known, to_therapist=not own, translate=_)
    every = found.suggestion.every_weeks
    return {
        "client": client,
        "own": own,
        "zone": client.practice.zone,
        "found": found,
        "said": said,
        "every": routine_words.rhythm(every) if every is not None else "",
        "rhythm": routine_words.rhythm(plan.every_weeks) if plan is not None else "",
        "budget": routine_words.budget(plan, fit) if plan is not None and fit is not None else "",
        "spent": [(row, routine_words.lasted(row.minutes)) for row in found.spent],
        "change": _change(client, now=now),
        "home": home.plan(client, now=now),
        "about_home": items.load(),
        "days": items.DAYS,
    }


def _change(client: Client, *, now: datetime) -> str:
    """The sentence about the change reached, as the progress page says it."""
    finding = progress.progress(client, now=now).finding
    return parts(finding, translate=_, dates=_day, numbers=_number).sentence


def _day(day: Any) -> str:
    return date_format(day, "j F Y")


def _number(number: float) -> str:
    return number_format(number, 1)


def _edit(
    request: MemberRequest, client: Client, found: reads.Found, *, own: bool, now: datetime
) -> HttpResponse:
    proposal = reads.proposal(client, found, now=now)
    form = RoutineForm(
        request.POST if request.method == "POST" else None,
        found=found,
        proposal=proposal,
        currency=client.practice.currency,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_routine(request.user, client, form.wanted(), now=now)
        except BadInput as problem:
            form.add_error(None, str(problem.sentence))
        else:
            messages.success(request, _("The routine is saved."))
            return _back(client, own=own)
    context = {"form": form, "client": client, "own": own, "proposal": proposal, "found": found}
    status = 422 if form.errors else 200
    return render(request, "follow/routine_edit.html", context, status=status)


def _choose(request: MemberRequest, client: Client, *, own: bool) -> HttpResponse:
    now = timezone.now()
    form = HomeForm(
        request.POST if request.method == "POST" else None, plan=home.plan(client, now=now)
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_home(request.user, client, form.cleaned_data["items"], now=now)
        messages.success(request, _("Saved."))
        return _back(client, own=own)
    context = {"form": form, "client": client, "own": own, "about_home": items.load()}
    status = 422 if form.errors else 200
    return render(request, "follow/home_plan.html", context, status=status)


def _back(client: Client, *, own: bool) -> HttpResponse:
    return redirect("follow:routine") if own else redirect("follow:client-routine", client.key)
