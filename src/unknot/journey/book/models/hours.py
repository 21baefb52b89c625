"""When somebody works: the week, the days that differ, time off. Wall time of the practice."""

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models

from unknot.journey.book.models.resources import Resource
from unknot.journey.choose.models import Therapist
from unknot.people.models import User


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


class TimeOff(models.Model):
    """Leave of a person, or a room or tool out of use. No reason is kept: it could be health."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="time_off")
    during = DateTimeRangeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
                name="timeoff_has_two_ends",
            )
        ]
        indexes = [models.Index(fields=["resource"], name="timeoff_of_resource")]

    def __str__(self) -> str:
        return f"time off {self.pk}"
