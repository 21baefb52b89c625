"""Tables of the last step: check-ins and what follows from them."""

from unknot.journey.follow.models.after_session import AfterSession
from unknot.journey.follow.models.aims import Aim
from unknot.journey.follow.models.check_ins import DailyCheckIn, SeriesImport
from unknot.journey.follow.models.findings import Finding, Fit

__all__ = ["AfterSession", "Aim", "DailyCheckIn", "Finding", "Fit", "SeriesImport"]
