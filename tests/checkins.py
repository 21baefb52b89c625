"""Plain builders of check-ins: they go through the actions, as a person's answers would."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.cast import NOW
from unknot.domain.bodymap.marks import parse_marks
from unknot.journey.understand import access, reads
from unknot.journey.understand.actions import belonging, steps
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client, Practice

MARKS = {"cervical_l": 6, "upper_trap_l": 7}


def a_checkin(
    *,
    practice: Practice,
    marks: Mapping[str, int] = MARKS,
    red_flags: Mapping[str, str] | Collection[str] = (),
    conditions: Mapping[str, str] | Collection[str] = (),
    medicines: Mapping[str, str] | Collection[str] = (),
    where: Mapping[str, Sequence[str]] | None = None,
    age: int = 38,
    onset_on: date | None = None,
    episodes: str = "few",
    story: Mapping[str, Any] | None = None,
    activities: Sequence[str] = (),
    feels_like: Sequence[str] = ("tight",),
    peg: tuple[int, int, int] | None = (6, 5, 4),
    phq4: tuple[int, int, int, int] | None = (1, 0, 1, 0),
    stress: int | None = 4,
    sleep: int | None = 6,
    pressure: int | None = 3,
    minutes: int | None = 60,
    wishes: Collection[str] = (),
    aims: Collection[str] = (),
    shares: Collection[str] = ("share_safety", "share_body"),
    facts: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> CheckIn:
    """A draft with every question answered: asked ones not named are answered no.

    The red flags come last, so that one that stops leaves nothing unanswered.
    """
    flags, had, takes = _said(red_flags), _said(conditions), _said(medicines)
    checkin = actions.start(practice, is_adult=True, language="en", now=now)
    steps.save_body(checkin, marks=parse_marks(dict(marks)), now=now)
    places = [steps.Place(region=region, qualities=feels_like) for region in marks]
    steps.save_places(checkin, places=places, sides="yes", now=now)
    began = onset_on or (now - timedelta(days=140)).date()
    steps.save_story(
        checkin, story=steps.Story(onset_on=began, episodes=episodes, **(story or {})), now=now
    )
    steps.save_activities(checkin, activities=activities, now=now)
    items = ("peg_p", "peg_e", "peg_g")
    mood = ("gad_1", "gad_2", "phq_1", "phq_2")
    points = {
        "peg": dict(zip(items, peg, strict=True)) if peg else {},
        "phq4": dict(zip(mood, phq4, strict=True)) if phq4 else {},
        "stress_nrs": {"stress_today": stress},
        "sleep_nrs": {"sleep_last_night": sleep},
    }
    steps.save_answers(checkin, points=points, now=now)
    steps.save_about(checkin, age=age, pregnant=had.get("pregnancy", "no"), now=now)
    asked = reads.questions_of(checkin)
    steps.save_history(
        checkin,
        conditions={row.id: "no" for row in asked.conditions} | had,
        medicines={row.id: "no" for row in asked.medicines} | takes,
        where=where or {},
        now=now,
    )
    steps.save_wishes(
        checkin,
        pressure=pressure,
        minutes=minutes,
        wishes=wishes,
        shares=shares,
        aims=aims,
        now=now,
    )
    said = {row.id: "no" for row in asked.red_flags} | flags
    below = {row.id: "no" for row in asked.facts if said.get(row.after) in ("yes", "unsure")}
    steps.save_red_flags(checkin, said=said, facts=below | dict(facts or {}), now=now)
    return CheckIn.objects.get(pk=checkin.pk)


def a_completed_checkin(
    client: Client | None, *, practice: Practice, now: datetime = NOW, **answers: object
) -> CheckIn:
    """A completed check-in, claimed by `client` unless that is None; takes what `a_checkin` takes.

    `red_flags=["rf_cad"]` answers yes; `red_flags={"rf_cad": "unsure"}` says which.
    """
    checkin = a_checkin(practice=practice, now=now, **answers)  # type: ignore[arg-type]
    actions.complete(checkin, now=now)
    if client is not None:
        assert client.user is not None
        belonging.claim(client.user, checkin, name=client.name, phone=client.phone, now=now)
    found = access.current({access.SESSION_KEY: str(checkin.key)})
    assert found is not None
    return found


def _said(answers: Mapping[str, str] | Collection[str]) -> dict[str, str]:
    if isinstance(answers, Mapping):
        return dict(answers)
    return dict.fromkeys(answers, "yes")
