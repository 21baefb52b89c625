"""The record of one session. A trigger keeps a signed note as it was signed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.people.models import Client, Practice, User


class SessionNote(models.Model):
    """SOAP, what was done where, and the ratings in the room; immutable once signed."""

    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, related_name="record")
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    subjective = models.TextField(max_length=5000, blank=True)
    objective = models.TextField(max_length=5000, blank=True)
    assessment = models.TextField(max_length=5000, blank=True)
    plan = models.TextField(max_length=5000, blank=True)
    pain_before = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_after = models.PositiveSmallIntegerField(null=True, blank=True)
    tension_before = models.PositiveSmallIntegerField(null=True, blank=True)
    tension_after = models.PositiveSmallIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # two tablets: the older copy is merged
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(pain_before__isnull=True) | models.Q(pain_before__lte=10),
                    models.Q(pain_after__isnull=True) | models.Q(pain_after__lte=10),
                    models.Q(tension_before__isnull=True) | models.Q(tension_before__lte=10),
                    models.Q(tension_after__isnull=True) | models.Q(tension_after__lte=10),
                ),
                name="sessionnote_ratings_0_to_10",
            )
        ]

    def __str__(self) -> str:
        return f"session note {self.pk}"


class Treatment(models.Model):
    """One region treated: which technique, how many minutes, how firm."""

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="treatments")
    region = models.SlugField(max_length=40)
    technique = models.SlugField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    pressure = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 240), pressure__range=(1, 5)),
                name="treatment_minutes_and_pressure",
            ),
            models.UniqueConstraint(
                fields=["note", "region", "technique"], name="treatment_once_per_region"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.technique}"


class TherapistMark(models.Model):
    """How tense or tender the therapist found one region, 1 to 10, over the client's own map."""

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="marks")
    region = models.SlugField(max_length=40)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "region"], name="therapistmark_once"),
            models.CheckConstraint(
                condition=models.Q(level__range=(1, 10)), name="therapistmark_level_1_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.level}"


class SavedDraft(models.Model):
    """A draft or amendment that a device sent under a key of its own: sent again, it is known.

    `revision` and `merged` are what was answered, so that the same is answered again.
    """

    note = models.ForeignKey(SessionNote, on_delete=models.CASCADE, related_name="arrived")
    key = models.UUIDField()
    revision = models.PositiveIntegerField()
    merged = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "key"], name="saveddraft_arrives_once")
        ]

    def __str__(self) -> str:
        return f"saved draft {self.key}"


class Amendment(models.Model):
    """Something added to a signed note later; the note itself stays as it was."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="amendments")
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    text = models.TextField(max_length=5000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"amendment {self.pk}"


class Section(models.TextChoices):
    """The four texts of a note."""

    SUBJECTIVE = "subjective", _("What the client said")
    OBJECTIVE = "objective", _("What I found")
    ASSESSMENT = "assessment", _("What I think")
    PLAN = "plan", _("Plan")


class Phrase(models.Model):
    """A text that a therapist writes often, put into its section with one tap."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="phrases")
    section = models.CharField(max_length=10, choices=Section)
    text = models.CharField(max_length=300)
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "section", "text"], name="phrase_once"),
            models.CheckConstraint(
                condition=models.Q(section__in=[one.value for one in Section]),
                name="phrase_section",
            ),
        ]

    def __str__(self) -> str:
        return f"phrase {self.pk}"


class Template(models.Model):
    """How a therapist often begins a record: regions and texts that belong to no client."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_templates")
    name = models.CharField(max_length=60)
    subjective = models.TextField(max_length=5000, blank=True)
    objective = models.TextField(max_length=5000, blank=True)
    assessment = models.TextField(max_length=5000, blank=True)
    plan = models.TextField(max_length=5000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return f"template {self.pk}"


class TemplateRow(models.Model):
    """One region of a template: which technique, how many minutes, how firm."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="rows")
    region = models.SlugField(max_length=40)
    technique = models.SlugField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    pressure = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 240), pressure__range=(1, 5)),
                name="templaterow_minutes_and_pressure",
            ),
            models.UniqueConstraint(
                fields=["template", "region", "technique"], name="templaterow_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.technique}"


class StoneReading(models.Model):
    """One look at the thermometers while heated stones are used; written once, never changed."""

    class Skin(models.TextChoices):
        ORDINARY = "ordinary", _("No reason for a lower limit")
        OLDER_OR_THIN = "older_or_thin", _("Older or thin skin")
        DULLED = "dulled", _("Heat is felt less")

    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="stone_readings"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    bath_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    skin_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    skin = models.CharField(max_length=13, choices=Skin.choices)
    limit_c = models.PositiveSmallIntegerField()  # at this skin, when it was measured
    measured_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(bath_c__isnull=False) | models.Q(skin_c__isnull=False),
                name="stonereading_measures_something",
            ),
            models.CheckConstraint(
                condition=models.Q(skin_c__isnull=True) | models.Q(skin_c__lte=models.F("limit_c")),
                name="stonereading_skin_within_its_limit",
            ),
            models.CheckConstraint(
                condition=models.Q(bath_c__isnull=True) | models.Q(bath_c__range=(0, 100)),
                name="stonereading_bath_is_water",
            ),
            models.UniqueConstraint(
                fields=["appointment", "measured_at", "bath_c", "skin_c"],
                nulls_distinct=False,
                name="stonereading_once",
            ),
        ]
        indexes = [
            models.Index(fields=["appointment", "measured_at"], name="stonereading_by_session")
        ]

    def __str__(self) -> str:
        return f"stone reading {self.pk}"


class AdverseEvent(models.Model):
    """Something that went wrong with a session, as it was written down; entries carry it on."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT)
    reporter = models.ForeignKey(User, on_delete=models.PROTECT)
    what = models.TextField(max_length=5000)
    noticed_on = models.DateField()
    noticed_time = models.TimeField(null=True, blank=True)  # None: nobody knows the hour
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "-written_at"], name="adverseevent_newest")]

    def __str__(self) -> str:
        return f"incident {self.pk}"


class AdverseEventEntry(models.Model):
    """What was done, and from then on the grade, who follows up, and whether it is closed."""

    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="entries")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    grade = models.CharField(max_length=40)  # of knowledge/screening/after_session.toml
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5000)
    closes = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"incident entry {self.pk}"


class CorrectionRequest(models.Model):
    """What a client says is wrong in the shared part of a signed note."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="corrections")
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    text = models.TextField(max_length=5000)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"correction {self.pk}"


class CorrectionAnswer(models.Model):
    """The answer on record: accepted with an amendment of the note, or declined with the reason."""

    request = models.OneToOneField(
        CorrectionRequest, on_delete=models.PROTECT, related_name="answer"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    accepted = models.BooleanField()
    text = models.TextField(max_length=5000)
    amendment = models.OneToOneField(Amendment, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted=True, amendment__isnull=False)
                | models.Q(accepted=False, amendment__isnull=True),
                name="correctionanswer_amends_when_accepted",
            )
        ]

    def __str__(self) -> str:
        return f"correction answer {self.pk}"


class NoteVersion(models.Model):
    """A note as one save left it, in the shape of domain/notes/versions.py."""

    note = models.ForeignKey(SessionNote, on_delete=models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "revision"], name="noteversion_once")
        ]

    def __str__(self) -> str:
        return f"version {self.revision} of note {self.note_id}"
