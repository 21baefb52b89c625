"""Walk a made-up person through a check-in, through the same actions as a person's answers.

What is asked and not named in `people.toml` is answered no.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from unknot.domain.bodymap.marks import parse_marks
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.questions import questions_to_ask
from unknot.journey.understand import actions, reads
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Practice, User

PEG = ("peg_p", "peg_e", "peg_g")
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
    conditions: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    red_flags: tuple[str, ...] = ()


def check_in(practice: Practice, user: User, said: Said, *, phone: str, now: datetime) -> CheckIn:
    """Answer everything, complete it and claim it; a red flag opens its stop and call-back."""
    checkin = draft(practice, said, user=user, now=now)
    actions.complete(checkin, now=now, actor=user)
    actions.claim(user, checkin, name=user.name, phone=phone, now=now)
    return CheckIn.objects.select_related("client", "practice").get(pk=checkin.pk)


def draft(practice: Practice, said: Said, *, user: User | None, now: datetime) -> CheckIn:
    """Answer everything and leave it there, as somebody who looks through it once more."""
    checkin = actions.start(practice, is_adult=True, language="en", now=now, actor=user)
    marks = parse_marks(dict(said.marks))
    if not actions.save_body(checkin, marks=marks, sides="", now=now):
        actions.save_body(checkin, marks=marks, sides="yes", now=now)
    _tell(checkin, said, now=now)
    _answer_safety(checkin, said, now=now)
    actions.save_wishes(
        checkin, pressure=said.pressure, minutes=said.minutes, wishes=said.wishes, now=now
    )
    return checkin


def _tell(checkin: CheckIn, said: Said, *, now: datetime) -> None:
    began = reads.local_day(checkin, now) - timedelta(days=said.onset_days)
    actions.save_story(
        checkin,
        onset_on=began,
        first_ever=False,
        feels_like=said.feels_like,
        points={"peg": dict(zip(PEG, said.peg, strict=True))},
        now=now,
    )
    actions.save_mind(
        checkin,
        points={
            "phq4": dict(zip(PHQ4, said.phq4, strict=True)),
            "stress_nrs": {"stress_today": said.stress},
            "sleep_nrs": {"sleep_last_night": said.sleep},
        },
        now=now,
    )


def _answer_safety(checkin: CheckIn, said: Said, *, now: datetime) -> None:
    pregnant = "yes" if "pregnancy" in said.conditions else "no"
    actions.save_about(checkin, age=said.age, pregnant=pregnant, now=now)
    asked = questions_to_ask(
        screening.load(),
        regions=tuple(said.marks),
        age=said.age,
        answers=reads.safety_answers(checkin),
    )
    flags = _all([row.id for row in asked.red_flags], said.red_flags)
    actions.save_red_flags(checkin, said=flags, now=now)
    actions.save_history(
        checkin,
        conditions=_all([row.id for row in asked.conditions], said.conditions),
        medicines=_all([row.id for row in asked.medicines], said.medicines),
        where={},
        now=now,
    )


def _all(asked: Collection[str], yes: Collection[str]) -> dict[str, str]:
    return dict.fromkeys(asked, "no") | dict.fromkeys(yes, "yes")
