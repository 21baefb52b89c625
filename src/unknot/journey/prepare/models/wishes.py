"""What a client wishes for one appointment."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment


class Preparation(models.Model):
    """The client's wishes for one appointment; editable until arrival."""

    class Talk(models.TextChoices):
        QUIET = "quiet", _("Quiet, please")
        SOME = "some", _("Tell me what you do")
        CHAT = "chat", _("I like to talk")

    class Warmth(models.TextChoices):
        COOLER = "cooler", _("Cooler")
        USUAL = "usual", _("As it is")
        WARMER = "warmer", _("Warmer")

    appointment = models.OneToOneField(
        Appointment, on_delete=models.CASCADE, related_name="preparation"
    )
    focus = ArrayField(models.SlugField(max_length=40), default=list, blank=True)  # regions wanted
    leave_out = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    pressure = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 to 5
    warmth = models.CharField(max_length=8, choices=Warmth.choices, blank=True)
    scent = models.BooleanField(null=True, blank=True)
    music = models.BooleanField(null=True, blank=True)
    talk = models.CharField(max_length=8, choices=Talk.choices, blank=True)
    to_tell = models.TextField(max_length=1000, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pressure__isnull=True) | models.Q(pressure__range=(1, 5)),
                name="preparation_pressure_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return f"preparation {self.pk}"


class PreparationChange(models.Model):
    """One wish that a client changed after saving it, or saved late; a trigger keeps it."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE)
    wish = models.SlugField(max_length=12)  # the field of Preparation
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["appointment", "at"], name="preparationchange_news")]

    def __str__(self) -> str:
        return f"{self.wish} of appointment {self.appointment_id}"
