"""People and their rights: accounts, practices, memberships, clients, consent, audit, messages."""

import uuid
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password it can only be opened through a reset mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account: what somebody signs in with. Rights come from memberships, not from here."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)  # runs the installation; sees no health data
    # Mails to them say only that there is something new.
    discreet_mail = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.email


def is_zone(name: str) -> None:
    """Accept a name of the IANA time zone database, such as Europe/Berlin."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValidationError(_("Unknown time zone: write it like Europe/Berlin.")) from error


class UnreadableCalendar(models.TextChoices):
    """What a practice does while it cannot read the other calendar of a therapist."""

    HOLD_BACK = "hold_back", _("Offer no time of theirs")
    WARN = "warn", _("Offer their times and tell whoever books")
    OFFER = "offer", _("Offer their times as if nothing were wrong")


class Practice(models.Model):
    """A practice: a solo therapist or a house of many. Owns its clients' files and its policies."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    zone = models.CharField(max_length=64)  # checked by is_zone before it is stored
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2)  # ISO 3166, chooses emergency and crisis numbers
    phone = models.CharField(max_length=40, blank=True)
    emergency_number = models.CharField(max_length=20)
    # Who made sure that these numbers, and the help lines of the country, are right here.
    numbers_checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    numbers_checked_at = models.DateTimeField(null=True, blank=True)
    step_minutes = models.PositiveSmallIntegerField(default=15)
    notice_minutes = models.PositiveIntegerField(default=120)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    cleanup_past_closing = models.BooleanField(default=False)
    market = models.IntegerField(default=1)  # the region its bookings are kept with
    unreadable_calendar = models.CharField(
        max_length=9, choices=UnreadableCalendar.choices, default=UnreadableCalendar.HOLD_BACK
    )
    first_visit_by_request = models.BooleanField(default=False)
    cancel_window_hours = models.PositiveSmallIntegerField(default=24)
    late_fee_percent = models.PositiveSmallIntegerField(default=0)
    # Planned mails wait outside of these local minutes of the day; equal ones mean never.
    quiet_from = models.PositiveSmallIntegerField(default=21 * 60, db_default=21 * 60)
    quiet_until = models.PositiveSmallIntegerField(default=7 * 60, db_default=7 * 60)
    demonstration = models.BooleanField(default=False)
    # Who approved the safety table for this practice; check-ins stay closed until somebody has.
    safety_approved_by = models.CharField(max_length=120, blank=True)
    safety_approved_on = models.DateField(null=True, blank=True)
    safety_approved_version = models.PositiveIntegerField(null=True, blank=True)
    # The kinds of credential without which nobody can be booked here, and who must have said so.
    required_credentials = ArrayField(models.CharField(max_length=14), default=list, blank=True)
    required_checked = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step_minutes__in=[5, 10, 15, 20, 30, 60]),
                name="practice_step_divides_the_hour",
            ),
            models.CheckConstraint(
                condition=models.Q(late_fee_percent__lte=100, cancel_window_hours__lte=336),
                name="practice_late_fee_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(quiet_from__lt=1440, quiet_until__lt=1440),
                name="practice_quiet_hours_are_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class Location(models.Model):
    """Where a practice treats people."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=250, blank=True)
    how_to_find = models.CharField(max_length=250, blank=True)
    # WGS 84 degrees; both or neither. Without them nobody finds this place by distance.
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    step_free = models.BooleanField(null=True, blank=True)  # None: nobody has said

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="location_is_on_the_globe",
            )
        ]
        indexes = [models.Index(fields=["latitude", "longitude"], name="location_by_place")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    THERAPIST = "therapist", _("Therapist")
    FRONT_DESK = "front_desk", _("Front desk")
    MANAGER = "manager", _("Practice manager")


class Membership(models.Model):
    """One role of one person in one practice; somebody who works alone has two."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    role = models.CharField(max_length=12, choices=Role.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "practice", "role"],
                condition=models.Q(until__isnull=True),
                name="membership_role_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Origin(models.TextChoices):
    """Where a person's data comes from; everything but REAL is labelled on each page."""

    REAL = "real", _("Real")
    SIMULATED = "simulated", _("Simulated person")
    IMPORTED = "imported", _("Published data set")


class Client(models.Model):
    """A person who receives care at one practice; `user` is empty until they have an account."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.REAL)
    created_at = models.DateTimeField()
    # No page or mail invites to book from then on: a later step knows that no more is needed.
    not_invited_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "user"], name="client_once_per_practice"),
        ]

    def __str__(self) -> str:
        return self.name


class CareRelation(models.Model):
    """A therapist treats a client: written at booking, read by every access rule."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    therapist_user = models.ForeignKey(User, on_delete=models.CASCADE)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "therapist_user"], name="care_relation_once")
        ]

    def __str__(self) -> str:
        return f"{self.therapist_user} treats {self.client}"


class Purpose(models.TextChoices):
    """What a client may agree to, one by one; the labels are the titles of the newest texts."""

    CARE = "care", _("Keep and use my answers")
    SHARE_SAFETY = "share_safety", _("My therapist sees my safety answers")
    SHARE_BODY = "share_body", _("My therapist sees my marks, story and pain scores")
    SHARE_MIND = "share_mind", _("My therapist sees my mood, worry, stress and sleep scores")


class Consent(models.Model):
    """One agreement to one purpose under one version of its text.

    Withdrawing keeps the row, and so does agreeing to a newer version of the text.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "purpose"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.purpose}"


class AuditEntry(models.Model):
    """Who did what, and who read whose record. A database trigger lets it only grow."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, on_delete=models.DO_NOTHING, null=True, blank=True)
    client = models.ForeignKey(Client, on_delete=models.DO_NOTHING, null=True, blank=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)  # "appointment 12": a kind and a number, never a name
    reason = models.CharField(max_length=250, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class MessageState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HANDING_OVER = "handing_over", _("being handed over")
    HANDED_OVER = "handed_over", _("handed over")
    FAILED = "failed", _("failed")
    BOUNCED = "bounced", _("bounced: the address does not take it")
    WITHDRAWN = "withdrawn", _("not sent: no longer needed")
    UNKNOWN = "unknown", _("unknown: it may or may not have arrived")


class Message(models.Model):
    """The outbox: one row per mail, written with its cause, sent by the worker."""

    kind = models.SlugField(max_length=40)
    recipient = models.EmailField()
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, null=True, blank=True)
    about = models.CharField(max_length=80, blank=True)  # "appointment <key>": what it goes with
    subject = models.CharField(max_length=120)
    body = models.TextField()
    state = models.CharField(
        max_length=12, choices=MessageState.choices, default=MessageState.PLANNED
    )
    due_at = models.DateTimeField(db_index=True)
    useless_at = models.DateTimeField(null=True, blank=True)  # nobody wants it after this
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=250, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["about"],
                condition=models.Q(state="planned") & ~models.Q(about=""),
                name="message_planned_about",
            ),
            models.Index(fields=["practice", "-created_at"], name="message_of_practice"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class StoppedMail(models.Model):
    """A group of mails that somebody does not want any more."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    group = models.SlugField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="stoppedmail_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.group}"


class Alert(models.Model):
    """Something staff must look at; it goes from person to person until somebody takes it."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    kind = models.SlugField(max_length=20)
    url = models.CharField(max_length=200)  # a page of ours, where it can be looked at
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    raised_at = models.DateTimeField()
    next_at = models.DateTimeField()  # when the next person hears, if nobody has taken it
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    told: "models.ManyToManyField[User, AlertTold]" = models.ManyToManyField(
        User, through="AlertTold", related_name="alerts_told"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "url"],
                condition=models.Q(taken_at__isnull=True),
                name="alert_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_by__isnull=True, taken_at__isnull=True)
                | models.Q(taken_by__isnull=False, taken_at__isnull=False),
                name="alert_is_taken_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(taken_at__isnull=True), name="alert_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class AlertTold(models.Model):
    """Who has heard of an alert, and when."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="alerttold_once")]

    def __str__(self) -> str:
        return f"alert {self.alert_id}: {self.user}"


class Heartbeat(models.Model):
    """When a background process last said that it is alive."""

    name = models.SlugField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def age_seconds(self, now: datetime) -> float:
        return (now - self.at).total_seconds()
