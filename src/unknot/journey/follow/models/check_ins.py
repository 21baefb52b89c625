"""The daily twenty seconds and the door check-in, typed in or imported."""

from django.db import models

from unknot.journey.book.models import Appointment
from unknot.people.models import Client, User

RATINGS = ("pain", "stiffness", "stress", "sleep", "mood")


def _in_range() -> models.Q:
    found = models.Q()
    for name in RATINGS:
        empty = models.Q(**{f"{name}__isnull": True})
        found &= models.Q(empty | models.Q(**{f"{name}__range": (0, 10)}))
    return found


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


class Answers(models.Model):
    """Five ratings, 0 to 10, and whether pain killers were taken; None is a skipped question.

    `versions` names each instrument that was answered with its version; empty when imported.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    pain = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    stiffness = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    stress = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    sleep = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    mood = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    painkillers = models.BooleanField(null=True, blank=True)
    versions = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=8, blank=True)
    series = models.ForeignKey(SeriesImport, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True


class DailyCheckIn(Answers):
    """One day of one client; `answered_at` is None where a file gave the day without an hour."""

    day = models.DateField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "day"], name="dailycheckin_once_a_day"),
            models.CheckConstraint(condition=_in_range(), name="dailycheckin_0_to_10"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=False) | models.Q(series__isnull=False),
                name="dailycheckin_own_has_its_hour",
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)


class DoorCheckIn(Answers):
    """How somebody was right before a session; only an imported one has no appointment."""

    appointment = models.OneToOneField(Appointment, on_delete=models.CASCADE, null=True, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "answered_at"], name="doorcheckin_once"),
            models.CheckConstraint(condition=_in_range(), name="doorcheckin_0_to_10"),
            models.CheckConstraint(
                condition=models.Q(appointment__isnull=True, series__isnull=False)
                | models.Q(appointment__isnull=False, series__isnull=True),
                name="doorcheckin_of_an_appointment_or_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answered_at:%Y-%m-%d %H:%M}"
