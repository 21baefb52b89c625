"""Who reads a page to choose: how far their check-in is, and what it says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone

from unknot.journey.choose.reads.person import Person
from unknot.journey.choose.reads.person import guided as guided_by
from unknot.journey.understand import access
from unknot.journey.understand import reads as understand
from unknot.people.models import Practice

#: Somebody of whom nothing is known.
NOBODY = Person()

State = Literal["none", "draft", "old", "new", "stopped", "ready"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever looks at the page: how far their check-in is, and what it says."""

    state: State
    now: datetime
    practice: Practice | None = None
    person: Person = NOBODY
    client: int | None = None  # whose number the check-in belongs to
    minutes: int | None = None  # how long a session is wished for


def reader(request: HttpRequest) -> Reader:
    now = timezone.now()
    checkin = access.shown_to(request.user, request.session)
    if checkin is None:
        return Reader(state="none", now=now)
    on = understand.local_day(checkin, now)
    try:
        checkin = understand.check_screened(checkin, now=now)
    except understand.ScreeningStop:
        return Reader(state="stopped", now=now, practice=checkin.practice)
    except understand.SomethingNew:
        return Reader(state="new", now=now, practice=checkin.practice)
    except understand.ScreeningMissing:
        state: State = "old" if checkin.completed_at else "draft"
        return Reader(state=state, now=now, practice=checkin.practice)
    guided = guided_by(checkin, on)
    person = Person(guided=guided, language=checkin.language)
    return Reader(
        state="ready",
        now=now,
        practice=checkin.practice,
        person=person,
        client=checkin.client_id,
        minutes=checkin.minutes_wanted,
    )
