"""Plain builders of comparisons: through the actions, as two people would."""

from datetime import datetime, timedelta

from django.db import transaction

from tests.appointments import a_hold
from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import attendance, booking
from unknot.journey.book.models import Appointment
from unknot.journey.book.reads import weeks
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.follow.actions import trials
from unknot.journey.follow.actions.check_ins import save_daily
from unknot.journey.follow.actions.trials import Protocol
from unknot.journey.follow.models import Trial, TrialSession


def a_protocol(cast: Cast, **fields: object) -> Protocol:
    """Swedish against deep tissue with Tess: four pairs, four days between, by pain."""
    values = {
        "therapist": cast.tess,
        "service_a": cast.swedish,
        "service_b": cast.deep_tissue,
        "pairs": 4,
        "gap_days": 4,
        "outcome": "pain",
    }
    return Protocol(**(values | fields))  # type: ignore[arg-type]


def proposed(cast: Cast, *, now: datetime = NOW, **fields: object) -> Trial:
    """Proposed by Ana, who has agreed; her safety answers are fresh."""
    a_completed_checkin(cast.ana, practice=cast.practice, now=now)
    protocol = a_protocol(cast, **fields)
    return trials.propose(cast.user("ana"), cast.ana, protocol, agreed=True, now=now)


def running(cast: Cast, *, now: datetime = NOW, **fields: object) -> Trial:
    """Agreed on by both: drawn and sealed, the first place open."""
    return trials.accept(cast.tess.user, proposed(cast, now=now, **fields), now=now)


def due(trial: Trial) -> TrialSession:
    """The place that is open."""
    return trial.sessions.select_related("service").order_by("-place")[0]


def held_next(cast: Cast, trial: Trial) -> Appointment:
    """Book the place that is due at its first free time, let it take place, and open the next."""
    place = due(trial)
    day = max(place.not_before, NOW)
    wanted = Wanted(therapist=cast.tess, service=place.service, client=cast.ana.pk)
    start = weeks.next_free(wanted, now=day)
    assert start is not None
    before = min(day, start - timedelta(hours=3))
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, now=before)
    made = a_hold(cast, checkin=checkin, service=place.service, start=start, now=before)
    booking.confirm(cast.user("ana"), cast.ana, made, note="", now=before)
    with transaction.atomic():
        attendance.mark_attended(made, actor=cast.tess.user, now=made.end)
    made.refresh_from_db()
    trials.keep_up(made.end)
    return made


def rated(cast: Cast, first: datetime, days: int, pain: int = 5) -> None:
    """A rating every evening."""
    for day in range(days):
        value = (pain + day % 3) % 11
        at = first + timedelta(days=day, hours=9)
        save_daily(cast.user("ana"), cast.ana, pain=value, stress=value, sleep=6, now=at)
