"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.check_ins import DailyCheckIn, SeriesImport
from unknot.journey.follow.models.late import ArrivedAnswer
from unknot.journey.follow.models.push import PushKey, PushSubscription
from unknot.journey.follow.models.reminders import (
    Reminder,
    ReminderKind,
    ReminderState,
    Reminding,
    Way,
)

__all__ = [
    "AfterSession",
    "ArrivedAnswer",
    "DailyCheckIn",
    "PushKey",
    "PushSubscription",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "Reminding",
    "SeriesImport",
    "Way",
]
