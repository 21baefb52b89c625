"""What a client agrees to for one appointment: where, how covered, how firm, what means stop."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.people.models import User


class TouchConsent(models.Model):
    """One signature; it stays as it was signed, and the highest version is the one that holds."""

    class Draping(models.TextChoices):
        COVERED = "covered", _("Undressed as far as I like and covered with a sheet or towel")
        PARTLY = "partly", _("Partly dressed; the rest is covered")
        DRESSED = "dressed", _("I keep my clothes on")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="touch_consents"
    )
    version = models.PositiveSmallIntegerField()
    areas_yes = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    areas_no = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    draping = models.CharField(max_length=8, choices=Draping.choices)
    pressure_limit = models.PositiveSmallIntegerField()  # 1 to 5, never firmer than this
    stop_sign = models.CharField(max_length=80)
    statement = models.TextField()  # the words above the signature, as they were read
    signed_name = models.CharField(max_length=120)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "version"], name="touchconsent_version"),
            models.CheckConstraint(
                condition=models.Q(version__gte=1, pressure_limit__range=(1, 5)),
                name="touchconsent_numbers",
            ),
            models.CheckConstraint(
                condition=~models.Q(stop_sign="")
                & ~models.Q(signed_name="")
                & ~models.Q(statement="")
                & models.Q(draping__in=["covered", "partly", "dressed"]),
                name="touchconsent_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(areas_yes=[], areas_no=[])
                & ~models.Q(areas_yes__overlap=models.F("areas_no")),
                name="touchconsent_each_area_once",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.version} of appointment {self.appointment_id}"


class TouchConfirmation(models.Model):
    """That a signed consent still holds, said on the day of the session."""

    consent = models.ForeignKey(
        TouchConsent, on_delete=models.PROTECT, related_name="confirmations"
    )
    day = models.DateField()  # local day of the practice
    said_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT)
    read_aloud = models.BooleanField()  # by the therapist; else the client pressed it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consent", "day"], name="touchconfirmation_once")
        ]

    def __str__(self) -> str:
        return f"consent {self.consent_id} holds on {self.day}"
