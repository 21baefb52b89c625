"""A comparison of two techniques in pairs: its protocol, its sealed list, its log, its result."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Client, User


class TrialState(models.TextChoices):
    PROPOSED = "proposed", _("waiting for an answer")
    DECLINED = "declined", _("not begun")
    RUNNING = "running", _("running")
    COMPLETE = "complete", _("complete")
    STOPPED = "stopped", _("stopped")


OPEN = [TrialState.PROPOSED.value, TrialState.RUNNING.value]


class Trial(models.Model):
    """What two people agree on beforehand; a trigger keeps it as agreed once the list is drawn."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    therapist = models.ForeignKey(Therapist, on_delete=models.PROTECT)
    service_a = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    service_b = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    pairs = models.PositiveSmallIntegerField()
    gap_days = models.PositiveSmallIntegerField()
    pair_weeks = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12)
    window_days = models.PositiveSmallIntegerField()
    statistic = models.CharField(max_length=12)
    alpha = models.FloatField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    consent = models.TextField(blank=True)  # the words the client agreed to, as they were shown
    consented_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=TrialState.choices)
    commitment = models.CharField(max_length=64, blank=True)  # SHA-256 of salt, line feed, order
    drawn_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    stop_reason = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(state__in=OPEN),
                name="trial_one_open_for_a_client",
            ),
            models.CheckConstraint(
                condition=models.Q(pairs__range=(4, 10), gap_days__gte=4),
                name="trial_pairs_and_days_between",
            ),
            models.CheckConstraint(
                condition=~models.Q(service_a=models.F("service_b")), name="trial_of_two_services"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "declined"])
                | models.Q(drawn_at__isnull=False, consented_at__isnull=False)
                & ~models.Q(commitment="")
                & ~models.Q(consent=""),
                name="trial_runs_only_agreed_and_sealed",
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"


class TrialSeal(models.Model):
    """The whole list and its salt; no page reads it before the end. A trigger keeps it."""

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="seal")
    salt = models.CharField(max_length=64)
    order = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"seal of trial {self.trial_id}"


class TrialSession(models.Model):
    """One place of the list that has been opened, and the session that took place for it."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="sessions")
    place = models.PositiveSmallIntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    not_before = models.DateTimeField()
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="trial_session"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "place"], name="trialsession_place_once"),
            models.CheckConstraint(
                condition=models.Q(place__range=(1, 20)), name="trialsession_place_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.place} of trial {self.trial_id}"


class TrialEvent(models.Model):
    """One line of the log of a comparison; a trigger keeps it as written."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    detail = models.CharField(max_length=80, blank=True)  # a commitment, or a reason's id

    def __str__(self) -> str:
        return f"{self.kind} of trial {self.trial_id}"


class TrialResult(models.Model):
    """What the analysis found, with all it was computed from; written once, and a trigger keeps it.

    `difference` is A minus B in points, with the range that the same test does not refuse.
    Empty numbers: nothing could be compared.
    """

    trial = models.OneToOneField(Trial, on_delete=models.CASCADE, related_name="result")
    at = models.DateTimeField()
    pairs = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    check_ins = models.PositiveIntegerField()
    statistic = models.CharField(max_length=12, blank=True)  # as computed; empty without one
    difference = models.FloatField(null=True, blank=True)
    p = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    level = models.FloatField(null=True, blank=True)
    engine = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(p__isnull=True) | models.Q(p__gt=0, p__lte=1),
                name="trialresult_p_is_a_chance",
            ),
        ]

    def __str__(self) -> str:
        return f"result of trial {self.trial_id}"
