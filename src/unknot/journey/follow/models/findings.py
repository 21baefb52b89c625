"""What the model found, kept for good, and the lines of the newest fit."""

from django.db import models

from unknot.people.models import Client


class Finding(models.Model):
    """One fit of one client: every verdict with its inputs and the model's version.

    A database trigger keeps it as it was made, so that a sentence said long ago can be explained.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    made_at = models.DateTimeField()
    model_version = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=32)  # of the inputs, all of them
    inputs = models.JSONField()  # how many check-ins and sessions, from when to when
    verdicts = models.JSONField()
    better = models.JSONField()
    link = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["client", "-made_at"], name="finding_newest")]

    def __str__(self) -> str:
        return f"client {self.client_id}, {self.made_at:%Y-%m-%d}"


class Fit(models.Model):
    """The newest fit of a client: which inputs it saw, and the lines to draw."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE)
    looked_at = models.DateTimeField()
    fingerprint = models.CharField(max_length=32)
    strands = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["looked_at"], name="fit_longest_ago")]

    def __str__(self) -> str:
        return f"client {self.client_id}, looked at {self.looked_at:%Y-%m-%d}"
