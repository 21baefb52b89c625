"""The timed jobs of the worker: each is safe to run twice and by two workers."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError

from unknot.interfaces.ical import subscriptions
from unknot.journey.book.actions import booking, days, desk, waiting
from unknot.journey.choose.actions import reviews, warnings
from unknot.journey.follow.actions import findings, pooled, push, reminders, trial_results, trials
from unknot.journey.understand.actions import checkin as understand
from unknot.people import alerts

log = logging.getLogger("unknot.jobs")

#: Every job runs each minute and returns how many rows it dealt with.
JOBS: tuple[Callable[[datetime], int], ...] = (
    booking.expire_holds,
    waiting.offer_freed,
    desk.settle_provisional,
    days.keep_ahead,
    days.forget_past,
    understand.delete_left_behind,
    reviews.publish_reviews,
    trials.keep_up,
    trial_results.analyse_due,
    warnings.warn_of_ends,
    reminders.plan_due,
    push.hand_over_due,
    alerts.escalate_due,
    subscriptions.read_due,
    findings.fit_due,
    pooled.pool_due,
)


def run_due(now: datetime) -> int:
    """Run every job once and return how many rows were dealt with.

    A fault of one is written to the log and keeps no other from its turn; without the database
    there is nothing to do for any.
    """
    return sum(_run(job, now) for job in JOBS)


def _run(job: Callable[[datetime], int], now: datetime) -> int:
    try:
        return job(now)
    except OperationalError:
        raise
    except Exception:
        log.exception("The job %s failed; it is tried again in a minute.", job.__name__)
        return 0
