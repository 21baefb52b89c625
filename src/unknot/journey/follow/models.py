"""The daily twenty seconds, typed in or imported."""

from django.db import models

from unknot.people.models import Client, User


class SeriesImport(models.Model):
    """One file of daily values that came from elsewhere, with what its reader must know."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    file_name = models.CharField(max_length=200)
    attribution = models.CharField(max_length=500, blank=True)
    stress_stand_in = models.CharField(
        max_length=80, blank=True
    )  # what the stress column really is
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    imported_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.file_name


class DailyCheckIn(models.Model):
    """One day of one client: pain, stress, sleep, 0 to 10; a missing answer stays missing."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    day = models.DateField()
    pain = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    stress = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    sleep = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    answered_at = models.DateTimeField()
    series = models.ForeignKey(SeriesImport, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "day"], name="dailycheckin_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(models.Q(pain__isnull=True) | models.Q(pain__range=(0, 10)))
                & models.Q(models.Q(stress__isnull=True) | models.Q(stress__range=(0, 10)))
                & models.Q(models.Q(sleep__isnull=True) | models.Q(sleep__range=(0, 10))),
                name="dailycheckin_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)


class WeeklyCheckIn(models.Model):
    """The three PEG answers of one week with their score and the version they were asked in."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    day = models.DateField()
    peg_p = models.PositiveSmallIntegerField()
    peg_e = models.PositiveSmallIntegerField()
    peg_g = models.PositiveSmallIntegerField()
    score = models.DecimalField(max_digits=4, decimal_places=1)
    version = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "day"], name="weeklycheckin_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(
                    peg_p__lte=10, peg_e__lte=10, peg_g__lte=10, score__range=(0, 10)
                ),
                name="weeklycheckin_0_to_10",
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)
