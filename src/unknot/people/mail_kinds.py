"""Every kind of mail: which of them one may stop, and which wait for the morning.

A kind is the name of a template `messages/<kind>.txt` of the step that writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """What a person can stop in one step; the rest is part of an appointment or of the account."""

    REMINDERS = "reminders", _("Reminders before an appointment")
    PREPARATION = "preparation", _("How to prepare, a day before")
    AFTER = "after", _("After a session, and the questions on the days after")
    WEEKLY = "weekly", _("The weekly check-in")
    DAILY = "daily", _("Reminders of the daily check-in, and before a session")
    REVIEWS = "reviews", _("Reviews")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailKind:
    """One kind of mail; without a `group` it cannot be stopped."""

    label: str | Promise
    group: Group | None = None
    waits: bool = False  # for the end of the quiet hours of the practice


def _kinds() -> dict[str, MailKind]:
    confirmed, moved = _("Confirmation"), _("Change")
    cancelled, asked, to_staff = _("Cancellation"), _("Request"), _("To staff")
    series, weekly, daily = _("Series"), _("Weekly check-in"), _("Reminder to answer")
    return {
        "account": MailKind(label=_("Account")),
        "appointment-confirmed": MailKind(label=confirmed),
        "appointment-confirmed-therapist": MailKind(label=confirmed),
        "appointment-moved": MailKind(label=moved),
        "appointment-moved-therapist": MailKind(label=moved),
        "appointment-cancelled": MailKind(label=cancelled),
        "appointment-cancelled-therapist": MailKind(label=cancelled),
        "appointment-declined": MailKind(label=cancelled),
        "appointment-requested": MailKind(label=asked),
        "appointment-requested-therapist": MailKind(label=asked),
        "appointment-provisional-therapist": MailKind(label=asked),
        "appointment-questions": MailKind(label=asked),
        "appointment-reminder": MailKind(label=_("Reminder"), group=Group.REMINDERS, waits=True),
        "appointment-preparation": MailKind(
            label=_("Preparation"), group=Group.PREPARATION, waits=True
        ),
        "thread-entry": MailKind(label=_("Message"), waits=True),
        "series-booked": MailKind(label=series),
        "series-booked-therapist": MailKind(label=series),
        "series-moved": MailKind(label=series),
        "series-moved-therapist": MailKind(label=series),
        "series-cancelled": MailKind(label=series),
        "series-cancelled-therapist": MailKind(label=series),
        "waiting-offer": MailKind(label=_("Waiting list")),
        "session-done": MailKind(label=_("After-care"), group=Group.AFTER),
        "check-24": MailKind(label=_("Question after a day"), group=Group.AFTER, waits=True),
        "check-72": MailKind(label=_("Question after three days"), group=Group.AFTER, waits=True),
        "weekly": MailKind(label=weekly, group=Group.WEEKLY, waits=True),
        "comparison-news": MailKind(label=_("News"), waits=True),
        "daily-reminder": MailKind(label=daily, group=Group.DAILY, waits=True),
        "daily-last": MailKind(label=daily, group=Group.DAILY, waits=True),
        "door-reminder": MailKind(label=daily, group=Group.DAILY, waits=True),
        "calendar-clash": MailKind(label=to_staff, waits=True),
        "calendar-unreadable": MailKind(label=to_staff, waits=True),
        "credential-ends": MailKind(label=to_staff, waits=True),
        "credential-ends-manager": MailKind(label=to_staff, waits=True),
        "review-published": MailKind(label=_("Review"), group=Group.REVIEWS, waits=True),
        "review-answered": MailKind(label=_("Review"), group=Group.REVIEWS, waits=True),
        "review-reported": MailKind(label=_("Review"), waits=True),
        "review-decided": MailKind(label=_("Review")),
        "incident-owner": MailKind(label=to_staff),
        "correction-answered": MailKind(label=_("Answer about a record")),
        "alert": MailKind(label=_("Alert")),
    }


KINDS: Mapping[str, MailKind] = MappingProxyType(_kinds())
