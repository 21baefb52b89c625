"""Calendars of other programs: ours that they read, and theirs that we read."""

import uuid

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from unknot.journey.book.models.resources import Resource
from unknot.people.models import User


class CalendarFeed(models.Model):
    """An address under which a calendar program reads somebody's appointments, until revoked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(revoked_at__isnull=True),
                name="calendarfeed_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"feed {self.pk}"


class BusySource(models.Model):
    """A calendar of a therapist elsewhere: a file they gave us once, or an address we read."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500, blank=True)  # blank: a file
    zone = models.CharField(max_length=64)  # in which all-day and floating times are read
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True, blank=True)
    last_try_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=250, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when staff was told of the problem

    def __str__(self) -> str:
        return f"source {self.pk}"


class ExternalBusy(models.Model):
    """A busy time read from such a calendar. They may overlap anything; nothing else is kept."""

    source = models.ForeignKey(BusySource, on_delete=models.CASCADE, related_name="busy")
    market = models.IntegerField()
    resource = models.ForeignKey(Resource, on_delete=models.CASCADE)
    uid = models.CharField(max_length=255)
    during = DateTimeRangeField()
    tentative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
                name="externalbusy_has_two_ends",
            )
        ]

    def __str__(self) -> str:
        return f"busy time {self.pk}"
