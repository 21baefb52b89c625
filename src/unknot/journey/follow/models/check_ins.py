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
    """One day of one client: pain, stress, sleep, 0 to 10; a missing answer stays missing.

    `versions` names each instrument that was answered with its version; empty for an imported day.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    day = models.DateField()
    pain = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    stress = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    sleep = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    versions = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
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
