"""The tables of the booking step. The exclusion constraint makes double booking impossible."""

from unknot.journey.book.models.appointments import BLOCKING, Appointment, Awaits, Series, Status
from unknot.journey.book.models.calendars import BusySource, CalendarFeed, ExternalBusy
from unknot.journey.book.models.hours import HoursOverride, TimeOff, WorkingHours
from unknot.journey.book.models.limits import BlockedPerson, LoadLimit, LoadWeight
from unknot.journey.book.models.planned import PlannedSession
from unknot.journey.book.models.resources import AddOn, Allocation, AvailDay, Need, Resource
from unknot.journey.book.models.waiting import FreedTime, WaitingEntry

__all__ = [
    "BLOCKING",
    "AddOn",
    "Allocation",
    "Appointment",
    "AvailDay",
    "Awaits",
    "BlockedPerson",
    "BusySource",
    "CalendarFeed",
    "ExternalBusy",
    "FreedTime",
    "HoursOverride",
    "LoadLimit",
    "LoadWeight",
    "Need",
    "PlannedSession",
    "Resource",
    "Series",
    "Status",
    "TimeOff",
    "WaitingEntry",
    "WorkingHours",
]
