"""The check-in: what somebody said about body and mind, its screening, stops and clearances."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from unknot.people.models import Client, Practice, User


class CheckInState(models.TextChoices):
    DRAFT = "draft"
    COMPLETED = "completed"


class CheckIn(models.Model):
    """One sitting of about three minutes; belongs to nobody until an account claims it.

    An unclaimed one is deleted after seven days. The browser session holds its key, so it can be
    resumed on the same device without an account.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=CheckInState.choices, default=CheckInState.DRAFT
    )
    language = models.CharField(max_length=8, default="en")
    consent_version = models.PositiveSmallIntegerField()
    consented_at = models.DateTimeField()
    is_adult = models.BooleanField()
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    # The story of the pain
    sides_confirmed = models.BooleanField(default=False)
    onset_on = models.DateField(null=True, blank=True)
    first_ever = models.BooleanField(null=True, blank=True)
    feels_like = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    # Wishes that guidance uses
    pressure_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    wants_clothed = models.BooleanField(null=True, blank=True)
    wants_heat = models.BooleanField(null=True, blank=True)
    no_oil = models.BooleanField(null=True, blank=True)
    first_time = models.BooleanField(null=True, blank=True)
    minutes_wanted = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(is_adult=True), name="checkin_adults_only"),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(completed_at__isnull=False),
                name="checkin_completed_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)


class BodyMark(models.Model):
    """How strong it is in one region of the body map, 1 to 10."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="marks")
    region = models.SlugField(max_length=40)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "region"], name="bodymark_once_per_region"),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=10), name="bodymark_level_1_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.level}"


class Answer(models.Model):
    """One answer to one item of an instrument, with the version and language it was asked in."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="answers")
    instrument = models.SlugField(max_length=40)
    item = models.SlugField(max_length=40)
    value = models.SmallIntegerField()
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, default="en")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkin", "instrument", "item"], name="answer_once_per_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument}.{self.item}"


class InstrumentScore(models.Model):
    """The score of one instrument in one check-in; `value` is empty when it could not be scored."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="scores")
    instrument = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    subscales = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    not_scored_because = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkin", "instrument"], name="score_once")]

    def __str__(self) -> str:
        return f"{self.instrument} {self.value}"


class SafetyAnswer(models.Model):
    """One answer of the safety screen: a red flag, a condition or a medicine."""

    class Kind(models.TextChoices):
        RED_FLAG = "red_flag"
        CONDITION = "condition"
        MEDICINE = "medicine"

    class Said(models.TextChoices):
        YES = "yes"
        NO = "no"
        UNSURE = "unsure"

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="safety_answers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    question = models.SlugField(max_length=40)
    said = models.CharField(max_length=6, choices=Said.choices)
    where = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkin", "kind", "question"], name="safetyanswer_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.said}"


class ScreeningResult(models.Model):
    """What the safety table decided for one check-in, kept with the rules that fired."""

    checkin = models.OneToOneField(CheckIn, on_delete=models.CASCADE, related_name="screening")
    table_version = models.PositiveSmallIntegerField()
    urgency = models.SlugField(max_length=20)
    blocked = models.BooleanField()
    fired = models.JSONField()  # [{id, kind, version, urgency or action, text, private}]
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.urgency


class SafetyStop(models.Model):
    """Booking is closed for this person until a clinician's clearance is recorded."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    checkin = models.OneToOneField(CheckIn, on_delete=models.CASCADE, related_name="stop")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    urgency = models.SlugField(max_length=20)
    flags = ArrayField(models.SlugField(max_length=40))
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.urgency} {self.pk}"


class Clearance(models.Model):
    """A clinician's word that massage may go on: who said it, when, what, and for which rules."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    stop = models.OneToOneField(
        SafetyStop, on_delete=models.CASCADE, null=True, blank=True, related_name="clearance"
    )
    clinician = models.CharField(max_length=120)
    said_on = models.DateField()
    statement = models.TextField(max_length=2000)
    covers = ArrayField(models.SlugField(max_length=40))  # ids of the flags or rules it speaks of
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.clinician} {self.said_on}"


class CallBack(models.Model):
    """Somebody the practice should telephone because a check-in was stopped."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    stop = models.OneToOneField(SafetyStop, on_delete=models.CASCADE, related_name="call_back")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return f"call-back {self.pk}"
