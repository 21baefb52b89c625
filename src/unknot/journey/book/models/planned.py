"""The one session that comes next where somebody's sessions follow a list."""

from django.db import models

from unknot.journey.choose.models import Service, Therapist
from unknot.people.models import Client


class PlannedSession(models.Model):
    """What a client books next with a therapist, and from when on; one row while a list runs.

    Whoever keeps the list writes it; the rest of the list is not known here.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    not_before = models.DateTimeField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "therapist"], name="plannedsession_is_one"),
        ]

    def __str__(self) -> str:
        return f"next session of client {self.client_id}"
