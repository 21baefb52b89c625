"""How papers write dates, numbers and levels."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

NONE = "–"


def long_day(day: date) -> str:
    """Write "26 November 2026"."""
    return date_format(day, "j F Y")


def instant(at: datetime, zone: ZoneInfo) -> str:
    """Write "26 November 2026, 18:00" as the clock of the practice shows it."""
    return date_format(at.astimezone(zone), "j F Y, H:i")


def one_decimal(number: float) -> str:
    """Write a number with one decimal."""
    return number_format(number, 1)


def number(value: float | None) -> str:
    """Write a number, or a dash where there is none."""
    return NONE if value is None else number_format(value)


def of_ten(level: int) -> str:
    """Write a level of the body map."""
    return _("%(level)s of 10") % {"level": level}
