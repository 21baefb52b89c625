"""Comparing two techniques in pairs: propose, agree, see the list as far as it is open, stop."""

import csv
import json
from collections.abc import Callable, Mapping
from io import StringIO
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from unknot.domain.outcomes import trial as rules
from unknot.journey.follow import access
from unknot.journey.follow.actions import trials as actions
from unknot.journey.follow.reads import trial_report
from unknot.journey.follow.reads import trials as reads
from unknot.journey.follow.reads.trials import TrialPage
from unknot.journey.follow.trial_forms import AgreeForm, TrialForm
from unknot.people import access as people
from unknot.people.models import Client, Role
from unknot.people.requests import (
    ClientRequest,
    MemberRequest,
    StaffRequest,
    client_required,
    signed_in,
    staff_required,
)
from unknot.web.errors import Missing, UnknotError


@require_safe
@client_required
def trials(request: ClientRequest) -> HttpResponse:
    """One's own comparisons, and with whom another can be proposed."""
    may = reads.may_propose(request.client)
    context = {
        "own": True,
        "client": request.client,
        "rows": reads.of_client(request.client),
        "therapists": reads.therapists_of(request.client) if may else (),
        "may_propose": may,
        "zone": request.client.practice.tz,
    }
    return render(request, "follow/trials.html", context)


@require_safe
@staff_required(Role.THERAPIST)
def client_trials(request: StaffRequest, key: UUID) -> HttpResponse:
    """The comparisons of one's client with oneself."""
    client = people.client_in_care(request.user, key)
    therapist = access.own_listing(request.user, client)
    actions.open_trials(request.user, client, now=timezone.now())
    context = {
        "own": False,
        "client": client,
        "rows": reads.of_client(client, therapist),
        "may_propose": reads.may_propose(client),
        "zone": client.practice.tz,
    }
    return render(request, "follow/trials.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@client_required
def trial_new(request: ClientRequest, slug: str) -> HttpResponse:
    """A client proposes a comparison to a therapist of theirs."""
    therapist = access.therapist_of_trial(request.client, slug)
    return _new(request, request.client, therapist, by_client=True)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(Role.THERAPIST)
def client_trial_new(request: StaffRequest, key: UUID) -> HttpResponse:
    """A therapist proposes a comparison to a client of theirs."""
    client = people.client_in_care(request.user, key)
    return _new(request, client, access.own_listing(request.user, client), by_client=False)


def _new(
    request: MemberRequest, client: Client, therapist: access.Compares, *, by_client: bool
) -> HttpResponse:
    services = {one.pk: one for one in reads.services_of(therapist)}
    options = reads.options(services.values())
    sent = request.POST if request.method == "POST" else None
    form = TrialForm(sent, options=options, by_client=by_client)
    problem, status = None, 200
    if sent is not None and form.is_valid():
        said = form.cleaned_data
        protocol = actions.Protocol(
            therapist=therapist,
            service_a=services[said["service_a"]],
            service_b=services[said["service_b"]],
            pairs=said["pairs"],
            gap_days=said["gap_days"],
            outcome=said["outcome"],
        )
        try:
            made = actions.propose(
                request.user, client, protocol, agreed=by_client, now=timezone.now()
            )
        except UnknotError as error:
            if isinstance(error, Missing):
                raise
            problem, status = error, int(error.status)
        else:
            messages.success(request, _("Proposed. It begins when the other one agrees."))
            return redirect("follow:trial", made.key)
    context = {
        "form": form,
        "problem": problem,
        "client": client,
        "therapist": therapist,
        "own": by_client,
        "may_propose": reads.may_propose(client),
        "enough": len(options) > 1,
        "power": [(pairs, reads.power_words(pairs)) for pairs in rules.SIMULATED_PAIRS],
        "consent": reads.consent_lines(),
    }
    return render(request, "follow/trial_new.html", context, status=422 if form.errors else status)


@require_safe
@signed_in
def trial(request: MemberRequest, key: UUID) -> HttpResponse:
    """One comparison: what was agreed, the list as far as it is open, and what was found."""
    found = access.trial_of_either(request.user, key)
    actions.open_trial(request.user, found, now=timezone.now())
    return _show(request, found)


@require_POST
@signed_in
def trial_accept(request: MemberRequest, key: UUID) -> HttpResponse:
    """Agree to what the other one proposed; the list is drawn and sealed."""
    found, now = access.trial_of_either(request.user, key), timezone.now()
    form = AgreeForm(request.POST)
    if people.is_own(request.user, found.client) and not form.is_valid():
        return _show(request, found, form=form, status=422)
    actions.accept(request.user, found, agreed=True, now=now)
    messages.success(request, _("The order is drawn and sealed. The first session can be booked."))
    return redirect("follow:trial", found.key)


@require_POST
@signed_in
def trial_decline(request: MemberRequest, key: UUID) -> HttpResponse:
    """Say no, or take one's own proposal back."""
    found = access.trial_of_either(request.user, key)
    actions.decline(request.user, found, now=timezone.now())
    messages.success(request, _("Nothing begins. You can propose another one at any time."))
    return redirect("follow:trial", found.key)


@require_POST
@signed_in
def trial_stop(request: MemberRequest, key: UUID) -> HttpResponse:
    """Stop a running comparison at once."""
    found = access.trial_of_either(request.user, key)
    actions.stop(request.user, found, now=timezone.now())
    messages.success(request, _("Stopped. Every technique can be booked again."))
    return redirect("follow:trial", found.key)


@require_safe
@signed_in
def trial_report_file(request: MemberRequest, key: UUID, kind: str) -> HttpResponse:
    """The report of a comparison as a file: json, csv or md."""
    found = access.trial_of_either(request.user, key)
    if kind not in _WRITERS or found.drawn_at is None:
        raise Missing
    actions.open_report(request.user, found, now=timezone.now())
    with_answers = _sees_answers(request, found)
    page = reads.page(found)
    items = trial_report.items(page, with_answers=with_answers)
    write, content_type = _WRITERS[kind]
    answer = HttpResponse(write(page, items, with_answers), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="comparison.{kind}"'
    return answer


def _show(
    request: MemberRequest,
    found: access.Compared,
    *,
    form: AgreeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    own = people.is_own(request.user, found.client)
    waits = found.state == "proposed"
    answers = waits and found.proposed_by_id != request.user.pk
    context = {
        "page": reads.page(found),
        "trial": found,
        "own": own,
        "waits": waits,
        "answers": answers,
        "form": (form or AgreeForm()) if answers and own else None,
        "sees_answers": _sees_answers(request, found),
        "kinds": (("md", _("Text")), ("csv", _("Table (CSV)")), ("json", _("Data (JSON)"))),
    }
    return render(request, "follow/trial.html", context, status=status)


def _sees_answers(request: HttpRequest, found: access.Compared) -> bool:
    """The client always; their therapist while the client shares these answers."""
    own = people.is_own(request.user, found.client)
    return own or access.shares_outcome(found.client, found.outcome)


Items = tuple[trial_report.Item, ...]


def _json(page: TrialPage, items: Items, with_answers: bool) -> str:
    result = page.result if with_answers else None
    whole = {
        "reported": trial_report.AFTER,
        "items": [{"item": one.number, "topic": one.topic, "text": one.text} for one in items],
        "places": [
            {
                "place": one.number,
                "pair": one.pair,
                "technique": one.technique or None,
                "state": one.state,
                "start": one.start.isoformat() if one.start and one.state == "done" else None,
            }
            for one in page.places
        ],
        "inputs": result.inputs if result is not None else None,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _csv(page: TrialPage, items: Items, with_answers: bool) -> str:
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["item", "topic", "text"])
    writer.writerows((one.number, one.topic, one.text) for one in items)
    return out.getvalue()


def _markdown(page: TrialPage, items: Items, with_answers: bool) -> str:
    lines = [f"# {items[0].text}", "", f"Reported {trial_report.AFTER}."]
    for one in items[1:]:
        lines += ["", f"## {one.number} {one.topic}", "", one.text]
    lines += ["", f"## {_('Sessions')}", ""]
    for place in page.places:
        lines.append(f"{place.number}. {place.technique or _('sealed')}: {place.state}")
    return "\n".join(lines) + "\n"


_WRITERS: Final[Mapping[str, tuple[Callable[[TrialPage, Items, bool], str], str]]] = (
    MappingProxyType(
        {
            "json": (_json, "application/json; charset=utf-8"),
            "csv": (_csv, "text/csv; charset=utf-8"),
            "md": (_markdown, "text/markdown; charset=utf-8"),
        }
    )
)
