"""What the client's page and the therapist's briefing show; both are made from the same facts.

Each function returns rows and never writes.
"""

from unknot.journey.prepare.reads.answers import (
    Body,
    Change,
    Place,
    Safety,
    body_of,
    checkin_at,
    places_of,
    safety_of,
)
from unknot.journey.prepare.reads.briefing import Briefing, MindScore, briefing
from unknot.journey.prepare.reads.changes import NEWS, Changed, changed_late, news
from unknot.journey.prepare.reads.client_page import ClientPreparation, client_preparation
from unknot.journey.prepare.reads.plan import PlanPage, can_plan, plan, plan_page
from unknot.journey.prepare.reads.thread import Entry, Thread, thread, unread_of
from unknot.journey.prepare.reads.touch import (
    Confirmed,
    TouchConsentRow,
    Touching,
    TouchPage,
    areas_closed,
    consent_of,
    may_sign_touch,
    statement,
    touch_page,
    touching,
)
from unknot.journey.prepare.reads.visits import (
    ASKABLE,
    SHOWN,
    Visit,
    asking,
    client_of,
    may_answer,
    may_change,
    visit,
)
from unknot.journey.prepare.reads.wishes import pressure_of_checkin, pressure_words

__all__ = [
    "ASKABLE",
    "NEWS",
    "SHOWN",
    "Body",
    "Briefing",
    "Change",
    "Changed",
    "ClientPreparation",
    "Confirmed",
    "Entry",
    "MindScore",
    "Place",
    "PlanPage",
    "Safety",
    "Thread",
    "TouchConsentRow",
    "TouchPage",
    "Touching",
    "Visit",
    "areas_closed",
    "asking",
    "body_of",
    "briefing",
    "can_plan",
    "changed_late",
    "checkin_at",
    "client_of",
    "client_preparation",
    "consent_of",
    "may_answer",
    "may_change",
    "may_sign_touch",
    "news",
    "places_of",
    "plan",
    "plan_page",
    "pressure_of_checkin",
    "pressure_words",
    "safety_of",
    "statement",
    "thread",
    "touch_page",
    "touching",
    "unread_of",
    "visit",
]
