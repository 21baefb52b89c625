"""The two strands and what may be said about them."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from unknot.domain.outcomes.summary_wording import parts
from unknot.domain.outcomes.wording import caption, language_of
from unknot.journey.follow import access
from unknot.journey.follow.actions import progress as actions
from unknot.journey.follow.cards import cards, earlier
from unknot.journey.follow.charts import strands
from unknot.journey.follow.reads import after_session, baseline, check_ins, findings, reminders
from unknot.journey.follow.reads import progress as reads
from unknot.people.models import Role
from unknot.people.requests import (
    ClientRequest,
    StaffRequest,
    client_required,
    staff_required,
)


@require_safe
@client_required
def progress(request: ClientRequest) -> HttpResponse:
    """One's own two strands and the first honest sentence."""
    now = timezone.now()
    found = reads.progress(request.client, now=now)
    rhythm = check_ins.rhythm(request.client, now=now, sessions=found.sessions)
    context = {
        "client": request.client,
        "own": True,
        "rhythm": rhythm,
        "aim": found.aim,
        "before_first": baseline.before_first(request.client, now=now),
        "zone": request.client.practice.tz,
        "offer_reminders": reminders.is_offered(request.client, answered=bool(found.days)),
        "open_question": after_session.open_question(request.client, now=now),
    }
    return render(request, "follow/progress.html", _shown(found) | context)


@require_safe
@client_required
def said_before(request: ClientRequest) -> HttpResponse:
    """Earlier findings with what they rested on, so that an old sentence can be explained."""
    before = earlier(findings.earlier(request.client), language_of(get_language()))
    return render(request, "follow/said_before.html", {"before": before})


@require_safe
@staff_required(Role.THERAPIST)
def client_progress(request: StaffRequest, key: UUID) -> HttpResponse:
    """The same page for the therapist who treats this client; mind only if the client shares it."""
    client = access.client_who_shares(request.user, key)
    found = actions.open_progress(request.user, client, now=timezone.now())
    with_mind = access.shares_mind(client)
    context = _shown(found, with_mind=with_mind)
    return render(
        request,
        "follow/progress.html",
        context | {"client": client, "own": False, "with_mind": with_mind},
    )


def _shown(found: reads.Progress, *, with_mind: bool = True) -> dict[str, object]:
    language = language_of(get_language())
    said = parts(found.finding, language=language, dates=_long_day, numbers=_one_decimal)
    chart = strands(found, with_mind=with_mind)
    return {
        "cards": cards(found.stored, found.aim, with_mind=with_mind),
        "progress": found,
        "said": said,
        "chart": chart,
        "caption": caption(language),
        "with_mind": with_mind,
    }


def _one_decimal(number: float) -> str:
    return number_format(number, 1)


def _long_day(day: date) -> str:
    return date_format(day, "j F Y")
