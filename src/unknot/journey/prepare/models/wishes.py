"""What a client wishes for one appointment."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.people.models import User


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

    class Ask(models.TextChoices):
        NO_OIL_IN_HAIR = "no_oil_in_hair", _("No oil in my hair")
        MAY_CRY = "may_cry", _("I may cry, that is fine")
        TOUCH_IS_HARD = "touch_is_hard", _("Touch can be hard for me")

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
    asks = ArrayField(
        models.CharField(max_length=16, choices=Ask.choices), default=list, blank=True
    )
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
    """One answer that a client changed, as it was before and after; it stays as it was written."""

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="preparation_changes"
    )
    field = models.CharField(max_length=16)  # of Preparation, or "touch" for a new signature
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["appointment", "at"], name="preparationchange_by_time")]

    def __str__(self) -> str:
        return f"{self.field} of appointment {self.appointment_id}"
