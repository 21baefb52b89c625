"""Actions of the preparing step: the only code that writes its tables."""

from unknot.journey.prepare.actions.briefing import open_briefing
from unknot.journey.prepare.actions.plan import (
    MINUTES,
    NOTE_MAX,
    ROWS_MAX,
    OlderPlan,
    PlanClosed,
    Step,
    drop_plan,
    open_plan,
    page_of_plan,
    save_plan,
)
from unknot.journey.prepare.actions.recheck import NotAsked, check_may_answer
from unknot.journey.prepare.actions.shown import NotShown, check_is_shown
from unknot.journey.prepare.actions.wishes import Wishes, WishesClosed, save_preparation

__all__ = [
    "MINUTES",
    "NOTE_MAX",
    "ROWS_MAX",
    "NotAsked",
    "NotShown",
    "OlderPlan",
    "PlanClosed",
    "Step",
    "Wishes",
    "WishesClosed",
    "check_is_shown",
    "check_may_answer",
    "drop_plan",
    "open_briefing",
    "open_plan",
    "page_of_plan",
    "save_plan",
    "save_preparation",
]
