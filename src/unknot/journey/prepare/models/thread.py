"""What client and therapist ask each other about one appointment."""

from django.db import models

from unknot.journey.book.models import Appointment
from unknot.people.models import User


class ThreadEntry(models.Model):
    """One message about an appointment; it stays as it was sent."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="thread_entries"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    by_client = models.BooleanField()
    text = models.CharField(max_length=2000)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="threadentry_says_something")
        ]
        indexes = [models.Index(fields=["appointment", "id"], name="threadentry_in_order")]

    def __str__(self) -> str:
        return f"message {self.pk} about appointment {self.appointment_id}"


class ThreadRead(models.Model):
    """How far one person has read the messages about one appointment."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE)
    reader = models.ForeignKey(User, on_delete=models.CASCADE)
    last = models.ForeignKey(ThreadEntry, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "reader"], name="threadread_once")
        ]

    def __str__(self) -> str:
        return f"read up to message {self.last_id}"
