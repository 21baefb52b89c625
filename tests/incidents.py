"""Plain builders of incidents."""

from datetime import date, datetime, time

from tests.cast import NOW, Cast
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import incidents as actions
from unknot.journey.session.models import AdverseEvent

MILD, MODERATE, SERIOUS = (
    "mild_under_48h",
    "moderate_over_48h_or_treatment",
    "serious_hospital_or_lasting",
)


def a_report(cast: Cast, **other: object) -> actions.Report:
    """What Tess tells of a red spot this morning; Paz follows it up."""
    told = {
        "what": "A red spot under the stone",
        "noticed_on": date(2026, 3, 27),
        "noticed_time": time(8, 30),
        "grade": MILD,
        "owner": cast.user("paz").pk,
        "done": "Cooled it for 20 minutes",
        **other,
    }
    return actions.Report(**told)  # type: ignore[arg-type]


def an_incident(
    cast: Cast, visit: Appointment, *, now: datetime = NOW, **other: object
) -> AdverseEvent:
    """An incident that Tess wrote down about a session."""
    return actions.report(cast.user("tess"), visit, told=a_report(cast, **other), now=now)
