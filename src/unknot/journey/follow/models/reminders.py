"""What somebody chose about reminders, which were sent, and where to push them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.people.models import Client


class Way(models.TextChoices):
    """How a reminder reaches somebody."""

    MAIL = "mail", _("By mail")
    PUSH = "push", _("On this phone or browser")


class Reminding(models.Model):
    """One client's choice; without a row nobody has been asked, and nothing is sent."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE)
    wanted = models.BooleanField()
    hour = models.PositiveSmallIntegerField()  # of the practice's local day
    weekdays = ArrayField(models.PositiveSmallIntegerField())  # 0 Monday to 6
    way = models.CharField(max_length=4, choices=Way.choices)
    chosen_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)  # None while off
    stopped_at = models.DateTimeField(null=True, blank=True)  # by us, for want of answers

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23) & (Q(wanted=True) | Q(next_at__isnull=True)),
                name="reminding_hour_and_off",
            )
        ]

    def __str__(self) -> str:
        return f"reminding of client {self.client_id}"


class ReminderKind(models.TextChoices):
    DAILY = "daily", _("of the day")
    LAST = "last", _("the last one")
    DOOR = "door", _("before a session")


class ReminderState(models.TextChoices):
    """The states of a reminder; one by mail is handed to the outbox at once."""

    PLANNED = "planned", _("planned")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("not needed, too late, or nowhere to go")


class Reminder(models.Model):
    """One reminder: one a day, and one for each time of an appointment, whoever plans it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    kind = models.CharField(max_length=5, choices=ReminderKind.choices)
    way = models.CharField(max_length=4, choices=Way.choices)
    day = models.DateField()  # of the practice
    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)  # of the appointment, when planned
    state = models.CharField(max_length=7, choices=ReminderState.choices)
    due_at = models.DateTimeField()
    useless_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "day"],
                condition=~Q(kind=ReminderKind.DOOR),
                name="reminder_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["appointment", "starts_at"], name="reminder_once_a_time"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=ReminderKind.DOOR, appointment__isnull=False, starts_at__isnull=False)
                    | (~Q(kind=ReminderKind.DOOR) & Q(appointment__isnull=True))
                ),
                name="reminder_door_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=ReminderState.PLANNED),
                name="reminder_planned",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}"
