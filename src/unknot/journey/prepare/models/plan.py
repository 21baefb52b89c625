"""What the therapist plans to do in one session."""

from django.db import models

from unknot.journey.book.models import Appointment
from unknot.people.models import User


class SessionPlan(models.Model):
    """The sequence a therapist has planned for one session; without a row the proposal stands."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, related_name="plan")
    revision = models.PositiveIntegerField(default=1)  # two tablets: the older copy is refused
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"session plan {self.pk}"


class PlannedPart(models.Model):
    """One step of the plan: a region of the body map, or the whole area, for so many minutes."""

    plan = models.ForeignKey(SessionPlan, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    region = models.SlugField(max_length=40, blank=True)  # empty: the whole area
    minutes = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="plannedpart_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 240)), name="plannedpart_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region or 'whole area'}: {self.minutes} min"
