"""What a therapist's body can do in a day, and whom a practice does not book."""

from django.db import models
from django.db.models.functions import Lower

from unknot.journey.book.models.resources import Resource
from unknot.people.models import Client, Practice, User


class LoadLimit(models.Model):
    """How many hands-on minutes a therapist gives, whoever books; empty means no limit."""

    resource = models.OneToOneField(Resource, on_delete=models.CASCADE, related_name="load_limit")
    minutes_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_per_week = models.PositiveSmallIntegerField(null=True, blank=True)
    longest_run_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    break_minutes = models.PositiveSmallIntegerField(default=15)

    def __str__(self) -> str:
        return f"limits of resource {self.resource_id}"


class LoadWeight(models.Model):
    """How heavy a technique is for a therapist: 150 counts an hour as an hour and a half."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="load_weights")
    technique = models.SlugField(max_length=40)
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "technique"], name="loadweight_once"),
            models.CheckConstraint(
                condition=models.Q(percent__gte=10, percent__lte=500), name="loadweight_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique}: {self.percent} %"


class BlockedPerson(models.Model):
    """Somebody whom a practice does not book by itself: a client, a mail address or a phone."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client__isnull=False) | ~models.Q(email="", phone=""),
                name="blockedperson_is_somebody",
            )
        ]
        indexes = [models.Index("practice", Lower("email"), name="blockedperson_by_email")]

    def __str__(self) -> str:
        return f"blocked person {self.pk}"
