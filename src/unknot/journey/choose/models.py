"""Who can be chosen and for what: therapists, credentials, services, reviews."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.people.models import Client, Location, Practice, User


class Therapist(models.Model):
    """The public listing of somebody who treats; shown only with their consent."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=1500, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    practising_since = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # year, self-declared
    listed_since = models.DateTimeField(null=True, blank=True)  # their consent to be shown

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "practice"], name="therapist_once_per_practice")
        ]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Something that can be booked: a technique for a number of minutes at a price."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    technique = models.SlugField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    setup_minutes = models.PositiveSmallIntegerField(default=0)
    cleanup_minutes = models.PositiveSmallIntegerField(default=10)
    price_minor = models.PositiveIntegerField()  # in the practice's currency, smallest unit
    therapists = models.ManyToManyField(Therapist, related_name="services")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=10, minutes__lte=180),
                name="service_lasts_10_to_180_minutes",
            ),
            models.UniqueConstraint(
                fields=["practice", "technique", "minutes"], name="service_once_per_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique} {self.minutes} min"


class Credential(models.Model):
    """One licence or training and what is known about it; a roster's row has no therapist."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Licence")
        REGISTRATION = "registration", _("Registration")
        CERTIFICATION = "certification", _("Certification")
        MEMBERSHIP = "membership", _("Membership")
        TRAINING = "training", _("Training")
        INSURANCE = "insurance", _("Insurance")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        EXPIRED = "expired", _("expired")
        LAPSED = "lapsed", _("lapsed")
        SUSPENDED = "suspended", _("suspended")
        REVOKED = "revoked", _("revoked")
        PROBATION = "probation", _("on probation")
        INACTIVE = "inactive", _("inactive")
        UNKNOWN = "unknown", _("unknown")

    class Method(models.TextChoices):
        REGISTER = "register", _("register page")
        ROSTER = "roster", _("roster file")
        DOCUMENT = "document", _("document seen")
        SELF = "self", _("self-declared")

    therapist = models.ForeignKey(
        Therapist, on_delete=models.CASCADE, null=True, blank=True, related_name="credentials"
    )
    holder = models.CharField(max_length=160)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    title = models.CharField(max_length=160)
    number = models.CharField(max_length=60, blank=True)
    jurisdiction = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=160, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)  # the last valid day
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UNKNOWN)
    source = models.CharField(max_length=40, blank=True)  # "nppes", a register's name
    source_key = models.CharField(max_length=120, blank=True)  # the row's own key in that source
    method = models.CharField(max_length=10, choices=Method.choices)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    raw = models.JSONField(default=dict, blank=True)  # the roster's row as it came

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~models.Q(source_key=""),
                name="credential_once_per_source_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.holder}"


class Review(models.Model):
    """What a client said about one attended session; one per session."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="reviews")
    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    appointment_key = models.UUIDField(unique=True)  # proof of attendance, handed in by `follow`
    technique = models.SlugField(max_length=40)
    listening = models.PositiveSmallIntegerField()
    pressure_respected = models.PositiveSmallIntegerField()
    boundaries_respected = models.PositiveSmallIntegerField()
    overall = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1500, blank=True)
    attended_on = models.DateField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    listening__range=(1, 5),
                    pressure_respected__range=(1, 5),
                    boundaries_respected__range=(1, 5),
                    overall__range=(1, 5),
                ),
                name="review_scores_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return f"{self.overall} of 5"


class Experience(models.Model):
    """One signed session with one technique: the proof that `session` hands in at signing."""

    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="experience")
    technique = models.SlugField(max_length=40)
    appointment_key = models.UUIDField()
    signed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["appointment_key", "technique"], name="experience_once_per_session"
            )
        ]

    def __str__(self) -> str:
        return f"{self.therapist}: {self.technique}"
