"""Reads of questionnaires over time: whether a score changed by more than it moves by itself.

Nothing here writes.

Units   points of each instrument; days are local days of the practice.
Errors  UnknownInstrument.
Source  domain/outcomes/questionnaires.py; knowledge/outcomes/questionnaires.toml
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, Exists, OuterRef, Q, StdDev

from unknot.domain.instruments import catalogue
from unknot.domain.outcomes import norms
from unknot.domain.outcomes.norms import Norms, Summary
from unknot.domain.outcomes.questionnaires import Answered, Change, Occasion, Scale, change
from unknot.journey.understand import follow_ups, questionnaires
from unknot.journey.understand.follow_ups import BEFORE_FIRST
from unknot.journey.understand.models import CheckIn, InstrumentScore
from unknot.people import access
from unknot.people.models import Client, Purpose

#: The questionnaire of pain and daily life, the one that everybody answers.
PEG = "peg"


def scores(client: Client, instrument: str) -> tuple[Answered, ...]:
    """Every score with its day and occasion, oldest first; a day's last one counts; 1 query."""
    found = questionnaires.score_history(client, instrument)
    by_day = {one.on: one for one in found}
    first = min(by_day, default=None)
    return tuple(
        Answered(score=one.value, on=day, occasion=_occasion(one, is_first=day == first))
        for day, one in sorted(by_day.items())
    )


def scale(instrument: str) -> Scale:
    """What a score of an instrument means, from its own file and the rule's."""
    found = catalogue.load().find(instrument)
    facts = found.change
    return Scale(
        lower_is_better=found.scoring.direction == "higher_worse",
        mic=facts.mic_points if facts is not None else None,
        source=facts.source if facts is not None else "",
        known=norms.load().known(instrument),
    )


def changed(
    client: Client, instrument: str, given: Sequence[Answered] | None = None, *, since: date
) -> Change:
    """Judge the newest score of a client; `given` are their scores, where the caller read them.

    At most 2 queries. Nothing before the day `since` is compared.
    """
    found = scores(client, instrument) if given is None else given
    kept = [one for one in found if one.on >= since]
    known = norms_of(client, instrument) if len(kept) > 1 else None
    return change(kept, scale=scale(instrument), norms=known, rules=norms.load())


def worse_today(client: Client, *, now: datetime, instrument: str = PEG) -> Change | None:
    """The change for the worse that an answer of today shows, else None; at most 2 queries."""
    found = changed(client, instrument, since=date.min)
    given_today = found.newest is not None and found.newest.on == follow_ups.local_day(client, now)
    return found if found.state == "worse" and given_today else None


def norms_of(client: Client, instrument: str) -> Norms | None:
    """Mean and spread of people not at intake, as the rule takes them for this client; 1 query.

    One score each, the newest that was given long enough after a first check-in. Only clients who
    agree that their answers are used, and only people of the same kind: a demonstration never
    enters the norms of real clients.
    """
    rules = norms.load()
    begun = CheckIn.objects.filter(
        client=OuterRef("followup__client"),
        completed_at__lte=OuterRef("followup__answered_at")
        - timedelta(days=rules.later_after_days),
    )
    newest = (
        InstrumentScore.objects.filter(
            Exists(begun),
            instrument=instrument,
            value__isnull=False,
            followup__client__in=access.who_consent_to(Purpose.CARE),
            followup__client__origin=client.origin,
        )
        .exclude(followup__battery=BEFORE_FIRST)
        .order_by("followup__client", "-followup__answered_at", "-pk")
        .distinct("followup__client")
    )
    own = Q(followup__client__practice=client.practice_id)
    found = InstrumentScore.objects.filter(pk__in=newest.values("pk")).aggregate(
        own=Count("pk", filter=own),
        own_mean=Avg("value", filter=own),
        own_sd=StdDev("value", filter=own, sample=True),
        all=Count("pk"),
        all_mean=Avg("value"),
        all_sd=StdDev("value", sample=True),
    )
    return norms.choose(_summary(found, "own"), _summary(found, "all"), rules)


def _summary(found: dict[str, object], name: str) -> Summary:
    mean, sd = found[f"{name}_mean"], found[f"{name}_sd"]
    return Summary(
        clients=int(str(found[name])),
        mean=None if mean is None else float(str(mean)),
        sd=None if sd is None else float(str(sd)),
    )


def _occasion(one: questionnaires.ScoreOn, *, is_first: bool) -> Occasion:
    if one.battery == BEFORE_FIRST:
        return "before_first_session"
    return "intake" if is_first and not one.battery else "later"
