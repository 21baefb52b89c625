"""Where reminders are pushed to, and the key that says who pushes."""

from django.db import models
from django.db.models import Q

from unknot.people.models import User


class PushSubscription(models.Model):
    """One browser that shows reminders of one account; the push service gave it the address."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    endpoint = models.URLField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url
    auth = models.CharField(max_length=40)  # its secret for RFC 8291, base64url
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"push of user {self.user_id}"


class PushKey(models.Model):
    """The one key pair of this installation (RFC 8292), made when it is first needed."""

    private = models.CharField(max_length=64)  # P-256, base64url of its 32 bytes
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="pushkey_only_one")]

    def __str__(self) -> str:
        return "the key of this installation"
