"""A client's wishes for one appointment, as a form begins with them and in words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn

Words = str | Promise


LABELS: Final[Mapping[str, Words]] = {
    "focus": _("Please work here"),
    "leave_out": _("Not today, please leave out"),
    "pressure": _("Pressure"),
    "warmth": _("Warmth"),
    "scent": _("Scent"),
    "music": _("Music"),
    "talk": _("Talk"),
    "to_tell": _("Anything else"),
}


def pressure_words(pressure: int | None) -> Words:
    """Say a pressure of 1 to 5 in the words of the pressure scale; empty when not told."""
    levels = {level.value: level for level in catalogue.load().pressure.level}
    if pressure is None or pressure not in levels:
        return ""
    return f"{pressure}, {levels[pressure].name}: {levels[pressure].feel}"


def words(name: str, value: Any, *, professional: bool) -> Words:
    """Say one wish, named as the field it is kept in; empty when nothing was wished."""
    match name:
        case "focus" | "leave_out":
            say = places.label_pro if professional else places.label
            return "; ".join(str(say(place)) for place in value or ())
        case "pressure":
            return pressure_words(value)
        case "warmth":
            return dict(Preparation.Warmth.choices).get(value, "")
        case "talk":
            return dict(Preparation.Talk.choices).get(value, "")
        case "scent" | "music":
            return "" if value is None else _("Yes, please") if value else _("No, thank you")
        case _:
            return str(value or "")


def pressure_of_checkin(appointment: Appointment) -> int | None:
    """The pressure of 1 to 5 that the newest check-in told: the wishes begin with it."""
    client = appointment.client
    newest = understand.latest_completed(client) if client is not None else None
    return newest.pressure_wanted if newest is not None else None


def wanted_pressure(saved: Preparation | None, checkin: CheckIn | None) -> int | None:
    if saved is not None and saved.pressure is not None:
        return saved.pressure
    return checkin.pressure_wanted if checkin is not None else None


def wishes_to_begin_with(
    saved: Preparation | None, checkin: CheckIn | None
) -> Mapping[str, object]:
    """The form's values: as saved, or with the pressure that the check-in told."""
    if saved is None:
        return {"pressure": wanted_pressure(None, checkin)}
    names = ("focus", "leave_out", "pressure", "warmth", "scent", "music", "talk", "to_tell")
    return {name: getattr(saved, name) for name in names}


def wishes_in_words(
    saved: Preparation | None, checkin: CheckIn | None, *, professional: bool
) -> tuple[tuple[Words, Words], ...]:
    """Say what was wished, one pair of question and answer each; what was not told is left out."""
    rows: list[tuple[Words, Words]] = []
    if saved is not None:
        elsewhere = {"pressure", "to_tell"} if professional else {"to_tell"}
        rows = [
            (label, words(name, getattr(saved, name), professional=professional))
            for name, label in LABELS.items()
            if name not in elsewhere
        ]
    if checkin is not None:
        rows += [
            (_("Clothes on"), _yes(checkin.wants_clothed)),
            (_("No oil"), _yes(checkin.no_oil)),
            (_("Likes heat"), _yes(checkin.wants_heat)),
            (_("First massage"), _yes(checkin.first_time)),
        ]
    return tuple((label, value) for label, value in rows if value)


def _yes(value: bool | None) -> Words:
    return _("yes") if value else ""
