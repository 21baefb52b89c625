"""Save the steps of a check-in; each save replaces what the same step saved before.

Units   marks 1 to 10, points as the instrument defines them, age in years, aware datetimes.
Errors  BadInput with the sentence for the field; Finished, ScreeningStop, NoCheckIn.
        Nothing is half-written.
Source  clinical reference 1.3, 1.4, 2.1 and 6
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.bodymap.marks import Mark, laterality
from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import access, reads
from unknot.journey.understand.actions.answers import (
    forget_ruled_out,
    opened,
    save_points,
    save_said,
)
from unknot.journey.understand.actions.belonging import join
from unknot.journey.understand.actions.stop import open_stop
from unknot.journey.understand.models import (
    Activity,
    Aim,
    BodyMark,
    CheckIn,
    Quality,
    SafetyAnswer,
    SafetyStop,
    Since,
)
from unknot.people import access as rights
from unknot.people.models import Purpose
from unknot.web.errors import BadInput

OLDEST = 120  # years
ACTIVITIES = 3
SWAPPED = {"l": "r", "r": "l"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story of the pain: choices by their ids, None and empty where nothing was said."""

    onset_on: date | None = None
    course: str = ""
    episodes: str = ""
    suspected_causes: Sequence[str] = ()
    eased_by: Sequence[str] = ()
    worsened_by: Sequence[str] = ()
    headaches: bool | None = None
    shoulder_pain: bool | None = None
    arm_numbness: bool | None = None
    goal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What one marked region feels like and since when, by the ids of the choices."""

    region: str
    qualities: Sequence[str] = ()
    since: str = ""


@transaction.atomic(durable=True)
def save_body(checkin: CheckIn, *, marks: Sequence[Mark], now: datetime) -> None:
    """Keep the marks (1 to 10); sides that were confirmed before stay so while none is new."""
    found = opened(checkin, now=now)
    before = _sided(found.marks.values_list("region", flat=True))
    sided = _sided(mark.region for mark in marks)
    found.sides_confirmed = found.sides_confirmed and bool(sided) and sided <= before
    found.save(update_fields=["sides_confirmed"])
    found.marks.exclude(region__in=[mark.region for mark in marks]).delete()
    BodyMark.objects.bulk_create(
        [BodyMark(checkin=found, region=mark.region, level=mark.intensity) for mark in marks],
        update_conflicts=True,
        unique_fields=["checkin", "region"],
        update_fields=["level"],
    )


@transaction.atomic(durable=True)
def save_places(checkin: CheckIn, *, places: Sequence[Place], sides: str, now: datetime) -> None:
    """Keep what each marked region feels like, and confirm the sides: "yes", "swap" or nothing.

    "swap" mirrors every mark with all that was said about it.
    """
    found = opened(checkin, now=now)
    marks = {mark.region: mark for mark in found.marks.all()}
    for place in places:
        _check_place(place, marks.keys())
        mark = marks[place.region]
        mark.qualities, mark.since = list(place.qualities), place.since
    if sides == "swap":
        found.marks.all().delete()
        for mark in marks.values():
            mark.pk, mark.region = None, _mirror(mark.region)
        BodyMark.objects.bulk_create(marks.values())
    else:
        BodyMark.objects.bulk_update(marks.values(), ["qualities", "since"])
    if sides in ("yes", "swap"):
        found.sides_confirmed = True
        found.save(update_fields=["sides_confirmed"])


def _check_place(place: Place, marked: Collection[str]) -> None:
    if place.region not in marked:
        raise BadInput(_("This place is no longer marked. Open the page again."))
    if set(place.qualities) - set(Quality.values) or place.since not in ("", *Since.values):
        raise BadInput(_("Choose words from the list."))


@transaction.atomic(durable=True)
def save_story(checkin: CheckIn, *, story: Story, now: datetime) -> None:
    """Keep the story of the pain; raises BadInput for a day that lies in the future."""
    found = opened(checkin, now=now)
    if story.onset_on is not None and story.onset_on > reads.local_day(found, now):
        raise BadInput(_("This day lies in the future. Write the day it began."))
    for name in Story.__dataclass_fields__:
        value = getattr(story, name)
        setattr(found, name, list(value) if isinstance(value, tuple | list) else value)
    found.save(update_fields=list(Story.__dataclass_fields__))


@transaction.atomic(durable=True)
def save_activities(checkin: CheckIn, *, activities: Sequence[str], now: datetime) -> None:
    """Keep what somebody finds hard to do, up to three; other words make it another activity.

    An activity that changes loses its rating, so that only the same one is ever compared.
    """
    found = opened(checkin, now=now, after_stop=True)
    texts = [text.strip() for text in activities if text.strip()]
    if len(texts) > ACTIVITIES:
        raise BadInput(_("Name at most three activities."))
    before = {one.position: one.text for one in found.activities.all()}
    kept = {place for place, text in enumerate(texts, 1) if before.get(place) == text}
    gone = [f"act_{place}" for place in before.keys() - kept]
    found.answers.filter(instrument="activity3", item__in=gone).delete()
    found.activities.exclude(position__in=kept).delete()
    Activity.objects.bulk_create(
        Activity(checkin=found, position=place, text=text)
        for place, text in enumerate(texts, 1)
        if place not in kept
    )


@transaction.atomic(durable=True)
def save_answers(
    checkin: CheckIn, *, points: Mapping[str, Mapping[str, int | None]], now: datetime
) -> None:
    """Keep answers to questionnaires, in points by instrument and item; None forgets one."""
    save_points(opened(checkin, now=now, after_stop=True), points, now=now)


@transaction.atomic(durable=True)
def save_about(checkin: CheckIn, *, age: int | None, pregnant: str | None, now: datetime) -> None:
    """Keep the age in years and the answer about pregnancy, and forget what they rule out."""
    found = opened(checkin, now=now)
    youngest = screening.load().header.engine.minimum_age
    if age is not None and not youngest <= age <= OLDEST:
        raise BadInput(
            _("Write your age in years, from %(low)s to %(high)s.")
            % {"low": youngest, "high": OLDEST}
        )
    found.age = age
    found.save(update_fields=["age"])
    save_said(
        found, SafetyAnswer.Kind.CONDITION, {"pregnancy": pregnant} if pregnant else {}, now=now
    )
    forget_ruled_out(found)


@transaction.atomic(durable=True)
def save_red_flags(
    checkin: CheckIn,
    *,
    said: Mapping[str, str],
    facts: Mapping[str, str] | None = None,
    now: datetime,
    actor: rights.Actor | None = None,
) -> SafetyStop | None:
    """Keep answers to red flags: yes, no or unsure by question, with the facts asked below them.

    An answer that blocks stops here and now: nobody in danger answers further questions first.
    """
    found = opened(checkin, now=now)
    save_said(found, SafetyAnswer.Kind.RED_FLAG, said, now=now)
    found.safety_answers.filter(kind=SafetyAnswer.Kind.FACT).delete()
    save_said(found, SafetyAnswer.Kind.FACT, facts or {}, now=now)
    decision = reads.decision_of(found)
    if not decision.blocked:
        return None
    join(found, access.client_at(found.practice, actor), now=now)
    return open_stop(found, decision, now=now, actor=actor)


@transaction.atomic(durable=True)
def save_history(
    checkin: CheckIn,
    *,
    conditions: Mapping[str, str],
    medicines: Mapping[str, str],
    where: Mapping[str, Sequence[str]],
    now: datetime,
) -> None:
    """Keep answers about conditions and medicines, with the areas named for an answer."""
    found = opened(checkin, now=now, after_stop=True)
    save_said(found, SafetyAnswer.Kind.CONDITION, conditions, where, now=now)
    save_said(found, SafetyAnswer.Kind.MEDICINE, medicines, where, now=now)


@transaction.atomic(durable=True)
def save_wishes(
    checkin: CheckIn,
    *,
    pressure: int | None,
    minutes: int | None,
    wishes: Collection[str],
    shares: Collection[str],
    now: datetime,
    aims: Collection[str] = (),
) -> None:
    """Keep aims, wishes (pressure 1 to 5, minutes, others ticked) and what the therapist sees."""
    found = opened(checkin, now=now, after_stop=True)
    if pressure is not None and pressure not in range(1, 6):
        raise BadInput(_("Choose a pressure from 1 to 5."))
    if set(aims) - set(Aim.values):
        raise BadInput(_("Choose what you hope for from the list."))
    if set(shares) - {Purpose.SHARE_SAFETY, Purpose.SHARE_BODY, Purpose.SHARE_MIND}:
        raise BadInput(_("Choose what to share from the list."))
    found.pressure_wanted = pressure
    found.minutes_wanted = minutes
    found.shares = sorted(shares)
    found.aims = [aim for aim in Aim.values if aim in aims]
    names = ["wants_clothed", "wants_heat", "no_oil", "first_time"]
    for name in names:
        setattr(found, name, name in wishes)
    found.save(update_fields=["pressure_wanted", "minutes_wanted", "shares", "aims", *names])


def _sided(regions: Iterable[str]) -> frozenset[str]:
    marks = [Mark(region=region, intensity=1) for region in regions]
    if not marks:
        return frozenset()
    sides = laterality(marks)
    return frozenset((*sides.left, *sides.right))


def _mirror(region: str) -> str:
    side = bodymap.load().region(region).side
    return region[:-1] + SWAPPED[side] if side in SWAPPED else region
