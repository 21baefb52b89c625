"""What the result page shows: the stop, or what changes, and the cards of help.

Rows for one person's own eyes. Nothing here is read by staff: the cards and the private answers
leave this module only towards the browser that gave the answers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.plan import Plan
from unknot.domain.instruments.sitting import Points, score_all
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Action, Urgency
from unknot.domain.screening.decide import Decision, Fired
from unknot.journey.understand import questionnaires, reads, stops
from unknot.journey.understand.forms.words import area_words
from unknot.journey.understand.models import CheckIn, SafetyStop
from unknot.people.models import Practice

Variant = Literal["stop", "care", "clear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Help that does not depend on booking: what it says, whom to call."""

    id: str
    title: str
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """What to do first, the words to say, and why."""

    urgency: str
    action: str
    emergency: bool
    reasons: tuple[str, ...]
    asked_for_call: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One consequence: how strong, for which techniques, where, and what changes."""

    kind: str  # avoid or adapt; what needs an agreement stands on its own
    techniques: str
    places: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """One answer with what follows from it."""

    answered: str
    said: str
    private: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One technique that is not offered, and why."""

    name: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a clinician has to agree to before some techniques may be booked."""

    techniques: str
    answered: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything on the result page."""

    variant: Variant
    stopped: Stopped | None
    cautions: tuple[Caution, ...]
    left_out: tuple[LeftOut, ...]
    agreements: tuple[Agreement, ...]
    asked_for_call: bool
    for_everyone: tuple[str, ...]
    duration: str
    cards: tuple[Card, ...]
    cleared: bool


def result_of(checkin: CheckIn, on: date) -> Result:
    """The result of a completed check-in on a day of the practice."""
    decision = reads.decision_of(checkin)
    stop = stops.open_stop_of(checkin)
    ended = getattr(checkin, "stop", None)
    blocked = stop is not None or decision.blocked
    care = decision.urgency >= Urgency.ADAPT
    return Result(
        variant="stop" if blocked else "care" if care else "clear",
        stopped=_stopped(checkin, stop, decision) if blocked else None,
        cautions=() if blocked else _cautions(decision),
        left_out=() if blocked else _left_out(checkin, on, decision),
        agreements=() if blocked else _agreements(decision),
        asked_for_call=_waits_for_a_call(checkin),
        for_everyone=tuple(
            dict.fromkeys(row.text for row in decision.fired if row.kind == "always")
        ),
        duration=duration_words(checkin, on),
        cards=cards_of(checkin, decision),
        cleared=ended is not None and ended.ended_at is not None,
    )


def duration_words(checkin: CheckIn, on: date) -> str:
    """How long the pain has lasted, computed from its first day and said; empty when not told."""
    duration = reads.duration_of(checkin, on)
    if duration is None or checkin.onset_on is None:
        return ""
    weeks = (on - checkin.onset_on).days // reads.DAYS_PER_WEEK
    lasted = ngettext("That is %(n)s week.", "That is %(n)s weeks.", weeks) % {"n": weeks}
    match duration:
        case "acute":
            return f"{lasted} " + _("Pain under 6 weeks is called acute.")
        case "subacute":
            return f"{lasted} " + _("Pain of 6 to 12 weeks is called subacute.")
        case "chronic":
            return f"{lasted} " + _("Pain over 12 weeks is called chronic.")


def cards_of(checkin: CheckIn, decision: Decision | None) -> tuple[Card, ...]:
    """The cards that the answers call for, the crisis card first."""
    wanted = {str(card) for card in decision.cards} if decision is not None else set()
    return cards_for(questionnaires.points_of(checkin), checkin.practice, also=wanted)


def cards_for(
    points: Points, practice: Practice, *, also: Collection[str] = ()
) -> tuple[Card, ...]:
    """The cards that answers in points call for, and those named in `also`."""
    wanted = set(also)
    for result in score_all(instruments.load(), points).values():
        wanted |= set(result.support)
    return tuple(
        _card(name, practice)
        for name in ("crisis_card", "safeguarding_card", "talk_to_clinician")
        if name in wanted
    )


def _card(name: str, practice: Practice) -> Card:
    match name:
        case "crisis_card":
            return crisis_card(practice)
        case "safeguarding_card":
            return _safeguarding()
        case _:
            text = instruments.load().card(name).text
            return Card(id=name, title=_("It can help to talk to someone"), text=text, lines=())


def left_out_words(asked: Plan) -> tuple[str, ...]:
    """Why questionnaires of the mind are not asked today, one sentence for each."""
    known = instruments.load()
    return tuple(
        ngettext(
            "%(name)s is not asked: you answered it lately. It may be asked again tomorrow.",
            "%(name)s is not asked: you answered it lately. It may be asked again in %(n)s days.",
            one.days,
        )
        % {"name": known.instrument(one.instrument).name, "n": one.days}
        for one in asked.left_out
        if one.reason == "too_soon"
    )


def crisis_card(practice: Practice) -> Card:
    """The card that is always within reach: the lines of the practice's country."""
    card = instruments.load().card("crisis_card")
    own = tuple(line.text for line in card.line if line.region == practice.country)
    anywhere = tuple(line.text for line in card.line if line.region == "default")
    return Card(
        id="crisis_card",
        title=_("If you need help now"),
        text=card.text,
        lines=own or anywhere,
    )


def _safeguarding() -> Card:
    return Card(
        id="safeguarding_card",
        title=_("If somebody hurts you or you are not safe"),
        text=_(
            "Only you see this. The practice is not told. "
            "In danger, call the emergency number. "
            "If somebody may look at this device, close this page afterwards."
        ),
        lines=(),
    )


def _stopped(checkin: CheckIn, stop: SafetyStop | None, decision: Decision) -> Stopped:
    urgency = stop.urgency if stop is not None else decision.urgency.id
    table = screening.load()
    level = next(one for one in table.levels if one.id == urgency)
    flags: Iterable[str] = stop.flags if stop is not None else ()
    return Stopped(
        urgency=urgency,
        action=level.action,
        emergency=urgency == Urgency.EMERGENCY_NOW.id,
        reasons=tuple(table.red_flag(flag).question for flag in flags),
        asked_for_call=stop is not None and _waits_for_a_call(stop.checkin),
    )


def _waits_for_a_call(checkin: CheckIn) -> bool:
    call = getattr(checkin, "call_back", None)
    return bool(call and call.phone and call.done_at is None)


def _agreements(decision: Decision) -> tuple[Agreement, ...]:
    return tuple(
        Agreement(
            techniques=reads.technique_words(row.techniques),
            answered=_in_words(row),
            text=reads.agreement_text(row),
        )
        for row in decision.fired
        if row.action is Action.CLEARANCE
    )


def _cautions(decision: Decision) -> tuple[Caution, ...]:
    rows: dict[str, list[Fired]] = {}
    for row in decision.fired:
        if row.kind != "always" and row.urgency >= Urgency.ADAPT:
            rows.setdefault(row.because, []).append(row)
    return tuple(
        Caution(
            answered=_in_words(found[0]),
            said=_said(found[0]),
            private=found[0].private,
            lines=tuple(_line(row) for row in found if row.action in (Action.ADAPT, Action.AVOID)),
        )
        for found in rows.values()
    )


def _in_words(row: Fired) -> str:
    if row.kind == "age":
        return _("Your age")
    return row.answered or row.text


def _said(row: Fired) -> str:
    match row.reply:
        case "yes":
            return _("You answered yes.")
        case "unsure":
            return _("You were not sure.")
        case _:
            return ""


def _line(row: Fired) -> Line:
    return Line(
        kind=row.action.id,
        techniques=reads.technique_words(row.techniques),
        places=", ".join(area_words(row.regions)),
        text=row.text,
    )


def _left_out(checkin: CheckIn, on: date, decision: Decision) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(name=one.technique.name, why=one.why)
        for one in reads.guidance_of(checkin, on, decision).not_offered
        if one.rows
    )
