"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.check_ins import DailyCheckIn, SeriesImport
from unknot.journey.follow.models.findings import Finding, Fit
from unknot.journey.follow.models.pooled import (
    OthersReport,
    PooledEffect,
    PooledRun,
    TherapistResult,
)

__all__ = [
    "AfterSession",
    "DailyCheckIn",
    "Finding",
    "Fit",
    "OthersReport",
    "PooledEffect",
    "PooledRun",
    "SeriesImport",
    "TherapistResult",
]
