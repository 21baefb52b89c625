"""Which answers arrived from a device that had kept them."""

from django.db import models

from unknot.people.models import Client


class ArrivedAnswer(models.Model):
    """A day's answers that a device sent under a key of its own: sent again, it is known."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    key = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="arrivedanswer_once")]

    def __str__(self) -> str:
        return str(self.key)
