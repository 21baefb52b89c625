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
from unknot.journey.prepare.actions.thread import MESSAGE_MAX, open_thread, send_entry
from unknot.journey.prepare.actions.touch import (
    NAME_MAX,
    STOP_MAX,
    NotToday,
    OlderConsent,
    Touch,
    TouchClosed,
    confirm_touch,
    sign_touch,
)
from unknot.journey.prepare.actions.wishes import Wishes, WishesClosed, save_preparation

__all__ = [
    "MESSAGE_MAX",
    "MINUTES",
    "NAME_MAX",
    "NOTE_MAX",
    "ROWS_MAX",
    "STOP_MAX",
    "NotAsked",
    "NotShown",
    "NotToday",
    "OlderConsent",
    "OlderPlan",
    "PlanClosed",
    "Step",
    "Touch",
    "TouchClosed",
    "Wishes",
    "WishesClosed",
    "check_is_shown",
    "check_may_answer",
    "confirm_touch",
    "drop_plan",
    "open_briefing",
    "open_plan",
    "open_thread",
    "page_of_plan",
    "save_plan",
    "save_preparation",
    "send_entry",
    "sign_touch",
]
