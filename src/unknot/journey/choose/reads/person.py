"""Who looks, and what keeps them from booking a technique.

Units   `on` is the day it is for the reader.
Errors  none.
Source  the guidance of the reader's own check-in.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from unknot.journey.choose.models import Service
from unknot.journey.choose.reads import techniques
from unknot.journey.understand import reads as understand
from unknot.journey.understand.models import CheckIn

Text = str | Promise
#: Why a service cannot be booked by this person, in words; the key "" means that it can.
WHY_NOT: dict[str, Text] = {
    "unknown": gettext_lazy("Check in first"),
    "clearance": gettext_lazy("Needs a clinician's agreement first"),
    "left_out": gettext_lazy("Not offered to you"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is known of the reader; the defaults stand for somebody without a check-in."""

    guided: techniques.Guided | None = None
    language: str = ""

    def hindrance(self, technique: str) -> str:
        """Say what keeps this person from booking `technique`: a key of WHY_NOT, or nothing."""
        if self.guided is None:
            return "unknown"
        if technique in self.guided.bookable:
            return ""
        waits = {one.technique.id for one in self.guided.clearance}
        return "clearance" if technique in waits else "left_out"


def guided(checkin: CheckIn, on: date) -> techniques.Guided:
    """The guided list for a completed check-in on a day."""
    return techniques.guided(understand.guidance_of(checkin, on))


def service(pk: int) -> Service | None:
    """One active service with its practice, None when there is none."""
    return Service.objects.select_related("practice").filter(pk=pk, active=True).first()
