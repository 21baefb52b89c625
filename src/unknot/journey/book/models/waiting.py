"""The waiting list: who waits for which times, and the times that became free."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models.appointments import Appointment
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Client


class WaitingEntry(models.Model):
    """One client who waits for a time of one service; the first who came is the first asked."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("a time is held for you")
        BOOKED = "booked", _("booked")
        LEFT = "left", _("left the list")
        OVER = "over", _("the days are over")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    service = models.ForeignKey(Service, on_delete=models.CASCADE)
    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, null=True, blank=True)
    first_day = models.DateField()
    last_day = models.DateField()
    from_minute = models.PositiveSmallIntegerField(default=0)  # of the practice's day
    to_minute = models.PositiveSmallIntegerField(default=1440)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)  # none means any
    since = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    offer = models.OneToOneField(Appointment, on_delete=models.SET_NULL, null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "service", "therapist"],
                condition=models.Q(state__in=["waiting", "offered"]),
                nulls_distinct=False,
                name="waitingentry_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day"))
                & models.Q(from_minute__lt=models.F("to_minute"), to_minute__lte=1440),
                name="waitingentry_has_days_and_hours",
            ),
        ]
        indexes = [
            models.Index(
                fields=["service", "since"],
                condition=models.Q(state="waiting"),
                name="waitingentry_line",
            )
        ]

    def __str__(self) -> str:
        return f"waiting {self.pk}"


class FreedTime(models.Model):
    """A time that became free, written with its cause; a worker looks who waits for it."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE)
    start = models.DateTimeField()
    end = models.DateTimeField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["at"], condition=models.Q(settled_at__isnull=True), name="freedtime_open"
            )
        ]

    def __str__(self) -> str:
        return f"freed time {self.pk}"
