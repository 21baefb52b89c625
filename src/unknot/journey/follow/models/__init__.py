"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.aims import Aim
from unknot.journey.follow.models.check_ins import DailyCheckIn, DoorCheckIn, SeriesImport
from unknot.journey.follow.models.findings import Finding, Fit
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
    "DailyCheckIn",
    "DoorCheckIn",
    "Finding",
    "Fit",
    "HomeChoice",
    "HomeDay",
    "Routine",
    "RoutineState",
    "SeriesImport",
    "Trial",
    "TrialEvent",
    "TrialResult",
    "TrialSeal",
    "TrialSession",
    "TrialState",
]
