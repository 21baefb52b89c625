"""What somebody plans to do: the routine of their sessions, and small things at home."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.people.models import Client, User


class RoutineState(models.TextChoices):
    ACTIVE = "active", _("going on")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class Routine(models.Model):
    """One version of a routine; the newest one counts, and a trigger keeps each as it was made.

    Each of `sessions` is a technique with its minutes, written swedish-60.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, choices=RoutineState.choices)
    every_weeks = models.PositiveSmallIntegerField()
    sessions = ArrayField(models.CharField(max_length=48))
    budget_minor = models.PositiveIntegerField(null=True, blank=True)  # a month; None: not said
    currency = models.CharField(max_length=3)
    starts_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every_weeks__gte=1, every_weeks__lte=8),
                name="routine_every_1_to_8_weeks",
            ),
            models.CheckConstraint(
                condition=models.Q(sessions__len__gte=1, sessions__len__lte=3),
                name="routine_one_to_three_kinds",
            ),
        ]
        indexes = [models.Index(fields=["client", "-made_at"], name="routine_newest")]

    def __str__(self) -> str:
        return f"routine {self.pk}"


class HomeChoice(models.Model):
    """One thing that somebody chose to do at home, until it was taken out again."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    item = models.SlugField(max_length=40)  # an id of knowledge/outcomes/home.toml
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "item"],
                condition=models.Q(ended_at__isnull=True),
                name="homechoice_once",
            )
        ]

    def __str__(self) -> str:
        return self.item


class HomeDay(models.Model):
    """Whether one thing was done on one local day; the last word of the day counts."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    item = models.SlugField(max_length=40)
    day = models.DateField()
    done = models.BooleanField()
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "item", "day"], name="homeday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} on {self.day}"
