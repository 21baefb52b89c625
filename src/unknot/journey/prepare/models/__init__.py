"""What the client wants the therapist to know, and what the therapist plans to do."""

from unknot.journey.prepare.models.plan import PlannedPart, SessionPlan
from unknot.journey.prepare.models.thread import ThreadEntry, ThreadRead
from unknot.journey.prepare.models.touch import TouchConfirmation, TouchConsent
from unknot.journey.prepare.models.wishes import Preparation, PreparationChange

__all__ = [
    "PlannedPart",
    "Preparation",
    "PreparationChange",
    "SessionPlan",
    "ThreadEntry",
    "ThreadRead",
    "TouchConfirmation",
    "TouchConsent",
]
