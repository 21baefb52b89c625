"""Working hours and appointments. The exclusion constraint makes double booking impossible."""

import uuid
from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import status as states
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client, User


class WorkingHours(models.Model):
    """One stretch of a therapist's week in wall time of the practice's zone; 1440 is midnight."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE)
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    starts_minute = models.PositiveSmallIntegerField()
    ends_minute = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6, ends_minute__lte=1440)
                & models.Q(starts_minute__lt=models.F("ends_minute")),
                name="workinghours_is_a_stretch_of_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_minute}-{self.ends_minute}"


class HoursOverride(models.Model):
    """One day that differs: its windows replace the week's; without any the day is closed."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE)
    day = models.DateField()
    starts_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    ends_minute = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_minute__isnull=True, ends_minute__isnull=True)
                | (
                    models.Q(ends_minute__lte=1440)
                    & models.Q(starts_minute__lt=models.F("ends_minute"))
                ),
                name="hoursoverride_is_closed_or_a_stretch",
            )
        ]

    def __str__(self) -> str:
        return str(self.day)


class Status(models.TextChoices):
    HELD = "held", _("held")
    PENDING = "pending", _("waiting for the practice")
    CONFIRMED = "confirmed", _("confirmed")
    ARRIVED = "arrived", _("arrived")
    ATTENDED = "attended", _("attended")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")


BLOCKING = sorted(state.value for state in states.BLOCKING)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def blocking(self) -> "AppointmentQuerySet":
        return self.filter(status__in=BLOCKING)

    def expired_holds(self, now: datetime) -> "AppointmentQuerySet":
        return self.filter(status=Status.HELD, held_until__lte=now)


class Appointment(models.Model):
    """A time with a therapist: first held for a check-in, then confirmed for a client."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    checkin = models.ForeignKey(CheckIn, on_delete=models.SET_NULL, null=True, blank=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices)
    start = models.DateTimeField()
    end = models.DateTimeField()
    blocked = DateTimeRangeField()  # with set-up before and clean-up after
    held_until = models.DateTimeField(null=True, blank=True)
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=500, blank=True)  # the client's words to the practice
    booked_at = models.DateTimeField(null=True, blank=True)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    changed_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="appointment_no_overlap",
                expressions=[
                    ("therapist", RangeOperators.EQUAL),
                    ("blocked", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(status__in=BLOCKING),
            ),
            models.CheckConstraint(
                condition=models.Q(client__isnull=False)
                | models.Q(status__in=["held", "expired", "cancelled"]),
                name="appointment_only_a_hold_is_without_client",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="held") | models.Q(held_until__isnull=False),
                name="appointment_hold_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end")), name="appointment_has_a_length"
            ),
        ]
        indexes = [
            models.Index(fields=["therapist", "start"], name="appointment_day"),
            models.Index(fields=["client", "start"], name="appointment_of_client"),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"
