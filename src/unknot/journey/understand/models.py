"""The check-in: what somebody said about body and mind, its screening, stops and clearances.

Questionnaires live here whatever step asks them: an answer belongs to a check-in or to a follow-up.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.people.models import Client, Practice, Purpose, User


class CheckInState(models.TextChoices):
    DRAFT = "draft"
    COMPLETED = "completed"


class Course(models.TextChoices):
    """How the pain has gone since it began."""

    BETTER = "better", _("Getting better")
    SAME = "same", _("About the same")
    WORSE = "worse", _("Getting worse")
    WAVES = "waves", _("It comes and goes")


class Episodes(models.TextChoices):
    """Whether there was pain like this before."""

    FIRST = "first", _("No, this is the first time")
    FEW = "few", _("Yes, once or twice")
    MANY = "many", _("Yes, many times")


class Cause(models.TextChoices):
    """What the client suspects; guidance answers each with what can be done about it."""

    POSTURE_AT_WORK = "posture_at_work", _("How I sit or stand at work")
    STRAIN = "strain", _("Lifting, sport or another strain")
    INJURY = "injury", _("An accident or injury")
    STRESS = "stress", _("Stress or worry")
    UNKNOWN = "unknown", _("I do not know")


class Aim(models.TextChoices):
    """What the client hopes for; the ids are those of guidance."""

    EASE_PAIN = "ease_pain", _("Less pain")
    RELAX = "relax", _("To relax")
    SLEEP_BETTER = "sleep_better", _("To sleep better")
    MOVE_FREELY = "move_freely", _("To move more freely")


class Ease(models.TextChoices):
    """What makes it better."""

    REST = "rest", _("Rest")
    MOVEMENT = "movement", _("Moving")
    WARMTH = "warmth", _("Warmth")
    COLD = "cold", _("Cold")
    MASSAGE = "massage", _("Massage")
    PAINKILLERS = "painkillers", _("Painkillers")
    STRETCHING = "stretching", _("Stretching")
    NOTHING = "nothing", _("Nothing so far")


class Strain(models.TextChoices):
    """What makes it worse."""

    SITTING = "sitting", _("Sitting")
    STANDING = "standing", _("Standing")
    LYING = "lying", _("Lying down")
    BENDING = "bending", _("Bending or lifting")
    TURNING = "turning", _("Turning my head or back")
    SCREEN = "screen", _("Work at a screen")
    STRESS = "stress", _("Stress")
    COLD = "cold", _("Cold or draught")
    NIGHT = "night", _("The night")
    NOTHING = "nothing", _("Nothing in particular")


class Quality(models.TextChoices):
    """What a place feels like: neutral words of our own. The last two bear on the choice."""

    TIGHT = "tight", _("Tight")
    STIFF = "stiff", _("Stiff")
    ACHING = "aching", _("Aching")
    HEAVY = "heavy", _("Heavy")
    SHARP = "sharp", _("Sharp")
    THROBBING = "throbbing", _("Throbbing")
    BURNING = "burning", _("Burning")
    TINGLING = "tingling", _("Tingling")
    NUMB = "numb", _("Numb")
    SPREADS = "spreads", _("Spreads to another place")
    LIGHT_TOUCH = "light_touch", _("Light touch hurts")


class Since(models.TextChoices):
    """How long one place has hurt; the classes of the onset date, with two finer ones."""

    DAYS = "days", _("A few days")
    WEEKS = "weeks", _("Up to 6 weeks")
    MONTHS = "months", _("6 to 12 weeks")
    LONG = "long", _("More than 12 weeks")
    YEARS = "years", _("More than a year")


def shared_at_first() -> list[str]:
    """What a therapist sees unless the client decides otherwise: safety and body, never mood."""
    return [Purpose.SHARE_SAFETY, Purpose.SHARE_BODY]


class CheckIn(models.Model):
    """One sitting of a few minutes; the browser session holds its key, so it needs no account.

    It belongs to a signed-in client from its start, else to nobody until it is claimed. What is
    unclaimed or unfinished is deleted after seven days, but for a client's that was stopped.
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
    course = models.CharField(max_length=10, choices=Course.choices, blank=True)
    episodes = models.CharField(max_length=10, choices=Episodes.choices, blank=True)
    suspected_causes = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    eased_by = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    worsened_by = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    headaches = models.BooleanField(null=True, blank=True)
    shoulder_pain = models.BooleanField(null=True, blank=True)
    arm_numbness = models.BooleanField(null=True, blank=True)
    goal = models.CharField(max_length=300, blank=True)
    # Wishes that guidance uses
    aims = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    pressure_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    wants_clothed = models.BooleanField(null=True, blank=True)
    wants_heat = models.BooleanField(null=True, blank=True)
    no_oil = models.BooleanField(null=True, blank=True)
    first_time = models.BooleanField(null=True, blank=True)
    minutes_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    # What the therapist may see, as ticked in this check-in
    shares = ArrayField(models.SlugField(max_length=20), default=shared_at_first, blank=True)

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
    """One region of the body map: how strong it is, 1 to 10, what it feels like, since when."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="marks")
    region = models.SlugField(max_length=40)
    level = models.PositiveSmallIntegerField()
    qualities = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    since = models.CharField(max_length=10, choices=Since.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "region"], name="bodymark_once_per_region"),
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=10), name="bodymark_level_1_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region}: {self.level}"


class Activity(models.Model):
    """Something the client finds hard to do, in their words; follow-ups ask about the same ones."""

    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "position"], name="activity_once"),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=3), name="activity_1_to_3"
            ),
        ]

    def __str__(self) -> str:
        return f"activity {self.position}"


class FollowUp(models.Model):
    """One battery of a client after the check-in.

    `week` is 4, 8, 12 or 26 of the outcome battery and 0 before the first session; weekly: None.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    battery = models.SlugField(max_length=20)
    week = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.DateField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "battery", "day"], name="followup_once_a_day"
            ),
            models.UniqueConstraint(fields=["client", "week"], name="followup_outcome_once"),
        ]

    def __str__(self) -> str:
        return f"{self.battery} {self.day}"


def _of_one_sitting(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(checkin__isnull=True, followup__isnull=False)
        | models.Q(checkin__isnull=False, followup__isnull=True),
        name=name,
    )


class Answer(models.Model):
    """One answer to one item of an instrument, with the version and language it was asked in."""

    checkin = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    followup = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, null=True, blank=True, related_name="answers"
    )
    instrument = models.SlugField(max_length=40)
    item = models.SlugField(max_length=40)
    value = models.SmallIntegerField()
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, default="en")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkin", "instrument", "item"], name="answer_once_per_item"
            ),
            models.UniqueConstraint(
                fields=["followup", "instrument", "item"], name="answer_once_per_followup_item"
            ),
            _of_one_sitting("answer_of_one_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}.{self.item}"


class InstrumentScore(models.Model):
    """The score of one instrument in one sitting; `value` is empty when it could not be scored."""

    checkin = models.ForeignKey(
        CheckIn, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    followup = models.ForeignKey(
        FollowUp, on_delete=models.CASCADE, null=True, blank=True, related_name="scores"
    )
    instrument = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    subscales = models.JSONField(default=dict)
    band = models.CharField(max_length=40, blank=True)
    not_scored_because = models.CharField(max_length=250, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkin", "instrument"], name="score_once"),
            models.UniqueConstraint(
                fields=["followup", "instrument"], name="score_once_per_followup"
            ),
            _of_one_sitting("score_of_one_sitting"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.value}"


class SafetyAnswer(models.Model):
    """One answer of the safety screen: a red flag, a condition, a medicine or a fact."""

    class Kind(models.TextChoices):
        RED_FLAG = "red_flag"
        CONDITION = "condition"
        MEDICINE = "medicine"
        FACT = "fact"

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
    language = models.CharField(max_length=8, default="en")
    answered_at = models.DateTimeField(null=True)

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
    fired = models.JSONField()  # [{id, kind, version, urgency, action, text, private}]
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
    """A clinician's word that massage may go on: who said it, when, what, and for which rules.

    With a stop it is about the flags of that stop; without one, about rules that ask for agreement.
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, blank=True)
    checkin = models.ForeignKey(CheckIn, on_delete=models.CASCADE, related_name="clearances")
    stop = models.ForeignKey(SafetyStop, on_delete=models.CASCADE, null=True, blank=True)
    clinician = models.CharField(max_length=120)
    said_on = models.DateField()
    statement = models.TextField(max_length=2000)
    covers = ArrayField(models.SlugField(max_length=40))  # ids of the flags or rules it speaks of
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.clinician} {self.said_on}"


class CallBack(models.Model):
    """Somebody the practice should telephone: a check-in was stopped, or needs an agreement."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    checkin = models.OneToOneField(CheckIn, on_delete=models.CASCADE, related_name="call_back")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        return f"call-back {self.pk}"


class Recheck(models.Model):
    """The short recheck, before one session or once a week.

    A yes or not sure asks for the full screen.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    appointment_key = models.UUIDField(unique=True, null=True, blank=True)
    followup = models.OneToOneField(
        FollowUp, on_delete=models.CASCADE, null=True, blank=True, related_name="recheck"
    )
    said = models.CharField(max_length=6, choices=SafetyAnswer.Said.choices)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=8, default="en")
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(appointment_key__isnull=True, followup__isnull=False)
                | models.Q(appointment_key__isnull=False, followup__isnull=True),
                name="recheck_of_one_occasion",
            )
        ]

    def __str__(self) -> str:
        return f"recheck {self.pk}"


class LicensedWording(models.Model):
    """The wording of an instrument that a practice may ask under its own licence."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    instrument = models.SlugField(max_length=40)
    version = models.PositiveSmallIntegerField()  # of the scoring it is scored with
    language = models.CharField(max_length=8)
    stem = models.CharField(max_length=500, blank=True)
    items = models.JSONField()  # {item id: text}
    options = models.JSONField(default=dict, blank=True)  # {points: label}
    licence = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "instrument"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="licensedwording_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.language}"
