"""A client's wishes for one appointment, as a form begins with them and in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation
from unknot.journey.understand.models import CheckIn

Words = str | Promise


#: The columns of a client's wishes.
TOLD = ("focus", "leave_out", "pressure", "warmth", "scent", "music", "talk", "asks", "to_tell")


def pressure_words(pressure: int | None) -> Words:
    """Say a pressure of 1 to 5 in the words of the pressure scale; empty when not told."""
    levels = {level.value: level for level in catalogue.load().pressure.level}
    if pressure is None or pressure not in levels:
        return ""
    return f"{pressure}, {levels[pressure].name}: {levels[pressure].feel}"


def wanted_pressure(saved: Preparation | None, checkin: CheckIn | None) -> int | None:
    """The pressure that is wished for, 1 to 5: of the appointment, else of the check-in."""
    if saved is not None and saved.pressure is not None:
        return saved.pressure
    return checkin.pressure_wanted if checkin is not None else None


def wishes_to_begin_with(
    saved: Preparation | None, checkin: CheckIn | None
) -> Mapping[str, object]:
    """The form's values: as saved, or with the pressure that the check-in told."""
    if saved is None:
        return {"pressure": wanted_pressure(None, checkin)}
    names = (
        "focus",
        "leave_out",
        "pressure",
        "warmth",
        "scent",
        "music",
        "talk",
        "asks",
        "to_tell",
    )
    return {name: getattr(saved, name) for name in names}


def wishes_in_words(
    saved: Preparation | None, checkin: CheckIn | None, *, professional: bool
) -> tuple[tuple[Words, Words], ...]:
    """Say what was wished, one pair of question and answer each; what was not told is left out."""
    rows: list[tuple[Words, Words]] = []
    if saved is not None:
        asks = dict(Preparation.Ask.choices)
        name = places.label_pro if professional else places.label
        rows = [
            (_("Please work here"), _listed(name(place) for place in saved.focus)),
            (_("Not today"), _listed(name(place) for place in saved.leave_out)),
            (_("Pressure"), "" if professional else pressure_words(saved.pressure)),
            (_("Warmth"), saved.get_warmth_display()),
            (_("Scent"), yes_no(saved.scent)),
            (_("Music"), yes_no(saved.music)),
            (_("Talk"), saved.get_talk_display()),
            (_("Please keep in mind"), _listed(asks[one] for one in saved.asks)),
        ]
    if checkin is not None:
        rows += [
            (_("Clothes on"), _yes(checkin.wants_clothed)),
            (_("No oil"), _yes(checkin.no_oil)),
            (_("Likes heat"), _yes(checkin.wants_heat)),
            (_("First massage"), _yes(checkin.first_time)),
        ]
    return tuple((label, value) for label, value in rows if value)


def _listed(names: object) -> str:
    return "; ".join(str(name) for name in names)  # type: ignore[attr-defined]


def yes_no(value: bool | None) -> Words:
    """Say a yes or no in words; empty when not told."""
    return "" if value is None else _("Yes, please") if value else _("No, thank you")


def _yes(value: bool | None) -> Words:
    return _("yes") if value else ""
