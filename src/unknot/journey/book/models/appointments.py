"""Appointments and their series."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import status as states
from unknot.journey.book.models.resources import AddOn
from unknot.journey.choose.models import Service, Therapist
from unknot.journey.understand.models import CheckIn
from unknot.people.models import Client, User


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


class Awaits(models.TextChoices):
    """What a pending appointment waits for; the labels are what pages say of it."""

    NOTHING = "", ""
    PRACTICE = "practice", _("waiting for the practice")
    SCREENING = "screening", _("waiting for the safety questions")


BLOCKING = sorted(state.value for state in states.BLOCKING)


class Series(models.Model):
    """Appointments that repeat by a rule of RFC 5545, in wall time of the practice."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    rule = models.CharField(max_length=200)
    first_start = models.CharField(max_length=16)  # 2026-03-30T10:00 on the wall of the practice
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"series {self.pk}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def blocking(self) -> "AppointmentQuerySet":
        return self.filter(status__in=BLOCKING)

    def expired_holds(self, now: datetime) -> "AppointmentQuerySet":
        return self.filter(status=Status.HELD, held_until__lte=now)


class Appointment(models.Model):
    """A time with a therapist: first held for a check-in, then confirmed for a client.

    What it takes while it stands is in `Allocation`.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    request_key = models.UUIDField(unique=True, null=True, blank=True)  # one form, one booking
    # Every index costs each booking; what is never searched, or leads one below, has none.
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT, db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, db_index=False)
    add_ons = models.ManyToManyField(AddOn, blank=True)
    checkin = models.ForeignKey(CheckIn, on_delete=models.SET_NULL, null=True, blank=True)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    pair = models.UUIDField(null=True, blank=True)  # the two appointments of a couple share it
    series = models.ForeignKey(
        Series, on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    occurrence = models.CharField(max_length=16, blank=True)  # the start its series gave it
    status = models.CharField(max_length=10, choices=Status.choices)
    awaits = models.CharField(max_length=10, choices=Awaits.choices, blank=True)
    start = models.DateTimeField()
    end = models.DateTimeField()
    # What was promised, on the wall of the practice, and by which version of the zone's rules.
    promised = models.CharField(max_length=16)
    zone = models.CharField(max_length=64)
    tzdata = models.CharField(max_length=12)
    held_until = models.DateTimeField(null=True, blank=True)
    asked_from = models.CharField(max_length=32, blank=True)  # a keyed hash of an address
    price_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    fee_minor = models.PositiveIntegerField(default=0)  # of a late cancellation
    fee_waived = models.CharField(max_length=200, blank=True)  # why a late one costs nothing
    late_moved_at = models.DateTimeField(null=True, blank=True)  # moved inside the window: late
    # The rule it was booked under, once its practice has another; until then the practice's own.
    window_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    late_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)  # the client's words to the practice
    booked_at = models.DateTimeField(null=True, blank=True)
    booked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, db_index=False
    )
    changed_at = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)  # how often its time or standing changed

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
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
            models.CheckConstraint(
                condition=models.Q(awaits="") | models.Q(status__in=["pending", "held"]),
                name="appointment_only_an_open_one_waits",
            ),
        ]
        indexes = [
            models.Index(fields=["therapist", "start"], name="appointment_day"),
            models.Index(fields=["client", "start"], name="appointment_of_client"),
            models.Index(
                fields=["series"],
                condition=models.Q(series__isnull=False),
                name="appointment_of_series",
            ),
            models.Index(
                fields=["pair"],
                condition=models.Q(pair__isnull=False),
                name="appointment_of_couple",
            ),
            models.Index(
                fields=["held_until"],
                condition=models.Q(status="held"),
                name="appointment_hold_by_end",
            ),
            models.Index(
                fields=["asked_from"],
                condition=models.Q(status="held"),
                name="appointment_hold_by_asker",
            ),
        ]

    def __str__(self) -> str:
        return f"appointment {self.pk}"
