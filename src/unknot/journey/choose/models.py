"""Who can be chosen and for what: therapists, credentials, services, reviews."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.people.models import Client, Location, Practice, User


class Therapist(models.Model):
    """The public listing of somebody who treats; shown only with their consent."""

    class Gender(models.TextChoices):
        WOMAN = "woman", _("Woman")
        MAN = "man", _("Man")
        ANOTHER = "another", _("Another gender")

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    location = models.ForeignKey(Location, on_delete=models.PROTECT)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(max_length=1500, blank=True)
    languages = ArrayField(models.CharField(max_length=8), default=list, blank=True)
    gender = models.CharField(max_length=8, choices=Gender.choices, blank=True)
    areas = ArrayField(models.SlugField(max_length=30), default=list, blank=True)  # self-declared
    practising_since = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # year, self-declared
    listed_since = models.DateTimeField(null=True, blank=True)  # their consent to be shown
    # What the published reviews add up to; written by every change of a review, never by hand.
    review_count = models.PositiveIntegerField(default=0)
    review_bound = models.FloatField(null=True, blank=True)  # see domain/reviews.py

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
    for_two = models.BooleanField(default=False)  # two clients, two therapists, at the same time

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=10, minutes__lte=180),
                name="service_lasts_10_to_180_minutes",
            ),
            models.UniqueConstraint(
                fields=["practice", "technique", "minutes", "for_two"],
                name="service_once_per_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technique} {self.minutes} min"


class Credential(models.Model):
    """One licence, training or insurance of a therapist, and what is known about it."""

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
        NO_REGISTER = "no_register", _("no public register exists")
        UNKNOWN = "unknown", _("unknown")

    class Method(models.TextChoices):
        REGISTER = "register", _("register page")
        ROSTER = "roster", _("roster file")
        DOCUMENT = "document", _("document seen")
        SELF = "self", _("self-declared")

    class Discipline(models.TextChoices):
        NONE = "none", _("none found")
        PRESENT = "present", _("present")
        UNKNOWN = "unknown", _("unknown")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    therapist = models.ForeignKey(Therapist, on_delete=models.CASCADE, related_name="credentials")
    holder = models.CharField(max_length=160)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    title = models.CharField(max_length=160)
    number = models.CharField(max_length=60, blank=True)
    jurisdiction = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=160, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)  # the last valid day
    technique = models.SlugField(max_length=40, blank=True)  # what a training was in
    hours = models.PositiveSmallIntegerField(null=True, blank=True)  # of a training
    scope_notes = models.CharField(max_length=500, blank=True)
    # What was found, where, by whom and when
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.UNKNOWN)
    discipline = models.CharField(
        max_length=8, choices=Discipline.choices, default=Discipline.UNKNOWN
    )
    discipline_on = models.DateField(null=True, blank=True)
    discipline_url = models.URLField(max_length=300, blank=True)
    source = models.CharField(max_length=80, blank=True)  # the register or roster looked into
    source_url = models.URLField(max_length=300, blank=True)
    method = models.CharField(max_length=10, choices=Method.choices)
    matched = ArrayField(models.SlugField(max_length=10), default=list, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(method="self")
                | models.Q(checked_on__isnull=False, checked_by__isnull=False),
                name="credential_check_has_a_day_and_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="credential_by_last_day"),
            models.Index(
                fields=["therapist"],
                condition=models.Q(status__in=["suspended", "revoked"]),
                name="credential_forbidding",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.holder}"


class CredentialDocument(models.Model):
    """A scan of a credential, drawn or written anew without metadata; only staff may see it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=4)  # pdf, jpeg or png, by content
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["pdf", "jpeg", "png"]), name="document_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["credential", "sha256"], name="document_once_per_credential"
            ),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class CredentialWarning(models.Model):
    """One mail that a credential will run out: one for each step and last day, never two."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="warnings")
    expires_on = models.DateField()
    days = models.PositiveSmallIntegerField()  # 60, 30 or 7 before
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "expires_on", "days"], name="warning_once_per_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.days} days before {self.expires_on}"


class RosterFacts(models.Model):
    """What one row of a roster says; it belongs to nobody and verifies nothing by itself."""

    source_key = models.CharField(max_length=120)  # the row's own key in its source
    holder = models.CharField(max_length=160)
    name_key = models.CharField(max_length=160)
    number = models.CharField(max_length=60)
    number_key = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=60, blank=True)  # ISO 3166-2, such as US-CO
    kind = models.CharField(max_length=14, choices=Credential.Kind.choices)
    title = models.CharField(max_length=160)
    status = models.CharField(max_length=12, choices=Credential.Status.choices)
    discipline = models.CharField(max_length=8, choices=Credential.Discipline.choices)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    raw = models.JSONField(default=dict, blank=True)  # the row as it came, without addresses

    class Meta:
        abstract = True


class RosterEntry(RosterFacts):
    """One published row of a roster, found by two of number, name and state."""

    source = models.CharField(max_length=40)
    read_on = models.DateField()  # the day of the import that last had it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="rosterentry_once")
        ]
        indexes = [
            models.Index(fields=["number_key"], name="rosterentry_by_number"),
            models.Index(fields=["name_key", "jurisdiction"], name="rosterentry_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_key}"


class RosterRun(models.Model):
    """One import of one file: how far it is, so that it can go on where it was interrupted."""

    class State(models.TextChoices):
        LOADING = "loading", _("loading")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")

    source = models.CharField(max_length=40)
    name = models.CharField(max_length=250)  # of the file
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOADING)
    position = models.PositiveBigIntegerField(default=0)  # bytes that are staged
    line = models.PositiveBigIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(state="loading"),
                name="rosterrun_one_loading_per_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name}"


class RosterStaged(RosterFacts):
    """One row on its way into the published roster."""

    # The unique key below begins with the run, and a million checks of one parent are a minute.
    run = models.ForeignKey(
        RosterRun, on_delete=models.CASCADE, db_constraint=False, db_index=False
    )
    line = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "source_key"], name="rosterstaged_once")
        ]

    def __str__(self) -> str:
        return f"line {self.line}"


class Postcode(models.Model):
    """Where a postcode lies, from a table that the installation has loaded."""

    country = models.CharField(max_length=2)
    code = models.CharField(max_length=12)  # in capitals, without spaces
    place = models.CharField(max_length=120)
    latitude = models.FloatField()
    longitude = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "code"], name="postcode_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="postcode_is_on_the_globe",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.place}"


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
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)  # before it nobody else sees it
    hidden_at = models.DateTimeField(null=True, blank=True)  # by the newest decision

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
        indexes = [
            models.Index(fields=["therapist", "-published_at"], name="review_of_therapist"),
        ]

    def __str__(self) -> str:
        return f"{self.overall} of 5"


class ReviewVersion(models.Model):
    """What a review said before its author changed it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions")
    listening = models.PositiveSmallIntegerField()
    pressure_respected = models.PositiveSmallIntegerField()
    boundaries_respected = models.PositiveSmallIntegerField()
    overall = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1500, blank=True)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"review {self.review_id} until {self.replaced_at:%Y-%m-%d}"


class Reply(models.Model):
    """The therapist's one answer to a review."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="reply")
    text = models.TextField(max_length=1000)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reply to review {self.review_id}"


class ReplyVersion(models.Model):
    """What a reply said before it was changed."""

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(max_length=1000)
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reply {self.reply_id} until {self.replaced_at:%Y-%m-%d}"


class ReviewReport(models.Model):
    """Somebody asks the operator to look at a review."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reports")
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT)
    words = models.CharField(max_length=500)
    reported_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "reported_by"],
                condition=models.Q(settled_at__isnull=True),
                name="report_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"report on review {self.review_id}"


class ModerationDecision(models.Model):
    """What the operator decided about a review, and why: the public log. It only grows."""

    class Decision(models.TextChoices):
        HIDE = "hide", _("hidden")
        SHOW = "show", _("shown again")
        KEEP = "keep", _("left as it is")

    class Reason(models.TextChoices):
        NAMES_SOMEBODY = "names", _("It names or describes a private person.")
        HEALTH = "health", _("It tells somebody else's health.")
        INSULT = "insult", _("It insults or threatens.")
        NOT_THIS_SESSION = "other", _("It is not about this session.")
        WITHIN_RULES = "fine", _("It keeps to the rules.")

    review = models.ForeignKey(
        Review, on_delete=models.SET_NULL, null=True, related_name="decisions"
    )
    decision = models.CharField(max_length=4, choices=Decision.choices)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.decision} review {self.review_id}"


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


class TechniqueCount(models.Model):
    """How many signed sessions a therapist has with one technique; a trigger keeps it."""

    therapist = models.ForeignKey(
        Therapist, on_delete=models.CASCADE, related_name="technique_counts"
    )
    technique = models.SlugField(max_length=40)
    sessions = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["therapist", "technique"], name="techniquecount_once")
        ]

    def __str__(self) -> str:
        return f"{self.technique}: {self.sessions}"
