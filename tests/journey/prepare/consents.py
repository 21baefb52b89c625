"""What Ana signs, as the form sends it and as the action takes it."""

from datetime import datetime

from tests.cast import Cast
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import plans
from unknot.journey.prepare.actions import Touch, sign_touch


def signature(visit: Appointment, *no: str, **other: object) -> Touch:
    """A yes to every area but those named, covered with a sheet, never firmer than 3."""
    areas = {area: area not in no for area in plans.areas_of(visit.service.technique)}
    usual = {"draping": "covered", "pressure_limit": 3, "stop_sign": "Stop", "signed_name": "Ana"}
    return Touch(areas=areas, **(usual | other))  # type: ignore[arg-type]


def as_form(visit: Appointment, *no: str, **other: object) -> dict[str, object]:
    """The same as a browser sends it."""
    touch = signature(visit, *no)
    return {
        **{f"area_{area}": "yes" if yes else "no" for area, yes in touch.areas.items()},
        "draping": touch.draping,
        "pressure_limit": str(touch.pressure_limit),
        "stop_sign": touch.stop_sign,
        "signed_name": touch.signed_name,
        **other,
    }


def a_consent(cast: Cast, visit: Appointment, *no: str, now: datetime) -> int:
    """Ana has signed; the version of it."""
    return sign_touch(cast.user("ana"), visit, touch=signature(visit, *no), now=now)
