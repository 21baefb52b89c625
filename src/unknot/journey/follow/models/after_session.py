"""What somebody noticed after a session."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from unknot.journey.book.models import Appointment


class AfterSession(models.Model):
    """What somebody noticed 24 or 72 hours after a session; a trigger keeps it as answered."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE)
    hours = models.PositiveSmallIntegerField()
    soreness = models.PositiveSmallIntegerField(null=True, blank=True)  # 0 to 10; None: skipped
    events = ArrayField(models.SlugField(max_length=20), default=list, blank=True)
    urgency = models.SlugField(max_length=20)  # the highest level of what they set off
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "hours"], name="aftersession_once"),
            models.CheckConstraint(
                condition=models.Q(hours__in=[24, 72])
                & (models.Q(soreness__isnull=True) | models.Q(soreness__lte=10)),
                name="aftersession_24_or_72_and_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} h after appointment {self.appointment_id}"
