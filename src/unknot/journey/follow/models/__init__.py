"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.aims import Aim
from unknot.journey.follow.models.check_ins import Answers, DailyCheckIn, DoorCheckIn, SeriesImport
from unknot.journey.follow.models.findings import Finding, Fit
from unknot.journey.follow.models.late import ArrivedAnswer
from unknot.journey.follow.models.pooled import (
    OthersReport,
    PooledEffect,
    PooledRun,
    TherapistResult,
)
from unknot.journey.follow.models.push import PushKey, PushSubscription
from unknot.journey.follow.models.reminders import (
    Reminder,
    ReminderKind,
    ReminderState,
    Reminding,
    Way,
)
from unknot.journey.follow.models.routines import HomeChoice, HomeDay, Routine, RoutineState
from unknot.journey.follow.models.trials import (
    Trial,
    TrialEvent,
    TrialResult,
    TrialSeal,
    TrialSession,
    TrialState,
)

__all__ = [
    "AfterSession",
    "Aim",
    "Answers",
    "ArrivedAnswer",
    "DailyCheckIn",
    "DoorCheckIn",
    "Finding",
    "Fit",
    "HomeChoice",
    "HomeDay",
    "OthersReport",
    "PooledEffect",
    "PooledRun",
    "PushKey",
    "PushSubscription",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "Reminding",
    "Routine",
    "RoutineState",
    "SeriesImport",
    "TherapistResult",
    "Trial",
    "TrialEvent",
    "TrialResult",
    "TrialSeal",
    "TrialSession",
    "TrialState",
    "Way",
]
