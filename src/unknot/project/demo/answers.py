"""Walk a made-up person through a check-in, through the same actions as a person's answers.

What is asked and not named in `people.toml` is answered no.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from unknot.domain.bodymap.marks import parse_marks
from unknot.journey.understand import reads, stops
from unknot.journey.understand.actions import belonging, steps
from unknot.journey.understand.actions import checkin as actions
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Practice, User

GRADE = ("nhis_pain_freq", "nhis_pain_limit", "peg_p", "peg_e", "peg_g")
PHQ4 = ("gad_1", "gad_2", "phq_1", "phq_2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody answers: marks 1 to 10, points, years, days since it began."""

    age: int
    marks: Mapping[str, int]
    onset_days: int
    peg: tuple[int, ...]
    phq4: tuple[int, ...]
    stress: int
    sleep: int
    pressure: int
    minutes: int
    feels_like: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    aims: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()
    limits: tuple[int, ...] = (2, 1)  # how often it hurts, how often it limits
    course: str = "same"
    episodes: str = "few"
    suspected_causes: tuple[str, ...] = ()
    eased_by: tuple[str, ...] = ()
    worsened_by: tuple[str, ...] = ()
    headaches: bool | None = None
    goal: str = ""
    activities: Mapping[str, int] = field(default_factory=dict)


def check_in(practice: Practice, user: User, said: Said, *, phone: str, now: datetime) -> CheckIn:
    """Answer everything, complete and claim it; a red flag stops it there, with its call-back."""
    checkin = draft(practice, said, user=user, now=now)
    if stops.open_stop_of(checkin) is None:
        actions.complete(checkin, now=now, actor=user)
    belonging.claim(user, checkin, name=user.name, phone=phone, now=now)
    return CheckIn.objects.select_related("client", "practice").get(pk=checkin.pk)


def draft(practice: Practice, said: Said, *, user: User | None, now: datetime) -> CheckIn:
    """Answer everything and leave it there, as somebody who looks through it once more."""
    checkin = actions.start(practice, is_adult=True, language="en", now=now, actor=user)
    steps.save_body(checkin, marks=parse_marks(dict(said.marks)), now=now)
    places = [steps.Place(region=region, qualities=said.feels_like) for region in said.marks]
    steps.save_places(checkin, places=places, sides="yes", now=now)
    _tell(checkin, said, now=now)
    if not _stops(checkin, said, now=now):
        _answer_the_rest(checkin, said, now=now)
    return checkin


def _tell(checkin: CheckIn, said: Said, *, now: datetime) -> None:
    began = reads.local_day(checkin, now) - timedelta(days=said.onset_days)
    story = steps.Story(
        onset_on=began,
        course=said.course,
        episodes=said.episodes,
        suspected_causes=said.suspected_causes,
        eased_by=said.eased_by,
        worsened_by=said.worsened_by,
        headaches=said.headaches,
        goal=said.goal,
    )
    steps.save_story(checkin, story=story, now=now)
    steps.save_activities(checkin, activities=tuple(said.activities), now=now)
    rated = {f"act_{n}": hard for n, hard in enumerate(said.activities.values(), 1)}
    grade = dict(zip(GRADE, (*said.limits, *said.peg), strict=True))
    steps.save_answers(
        checkin,
        points={
            "gcps_r": grade,
            "activity3": rated,
            "phq4": dict(zip(PHQ4, said.phq4, strict=True)),
            "stress_nrs": {"stress_today": said.stress},
            "sleep_nrs": {"sleep_last_night": said.sleep},
        },
        now=now,
    )


def _stops(checkin: CheckIn, said: Said, *, now: datetime) -> bool:
    """Answer the red flags; tell whether one of them stopped the check-in."""
    pregnant = "yes" if "pregnancy" in said.conditions else "no"
    steps.save_about(checkin, age=said.age, pregnant=pregnant, now=now)
    asked = reads.questions_of(checkin)
    flags = _all([row.id for row in asked.red_flags], said.red_flags)
    facts = {row.id: "no" for row in asked.facts if flags.get(row.after) == "yes"}
    return steps.save_red_flags(checkin, said=flags, facts=facts, now=now) is not None


def _answer_the_rest(checkin: CheckIn, said: Said, *, now: datetime) -> None:
    asked = reads.questions_of(checkin)
    steps.save_history(
        checkin,
        conditions=_all([row.id for row in asked.conditions], said.conditions),
        medicines=_all([row.id for row in asked.medicines], said.medicines),
        where={},
        now=now,
    )
    steps.save_wishes(
        checkin,
        pressure=said.pressure,
        minutes=said.minutes,
        wishes=said.wishes,
        shares=checkin.shares,
        aims=said.aims,
        now=now,
    )


def _all(asked: Collection[str], yes: Collection[str]) -> dict[str, str]:
    return dict.fromkeys(asked, "no") | dict.fromkeys(yes, "yes")
