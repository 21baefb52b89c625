"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.aims import Aim
from unknot.journey.follow.models.check_ins import DailyCheckIn, SeriesImport
from unknot.journey.follow.models.findings import Finding, Fit
from unknot.journey.follow.models.pooled import (
    OthersReport,
    PooledEffect,
    PooledRun,
    TherapistResult,
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
    "DailyCheckIn",
    "Finding",
    "Fit",
    "HomeChoice",
    "HomeDay",
    "OthersReport",
    "PooledEffect",
    "PooledRun",
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
]
