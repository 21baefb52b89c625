"""What the clients of a practice tell together; written by the nightly pool, never for one person.

Nothing below ten clients is ever kept, whatever the gates say.
"""

from django.db import models

from unknot.journey.choose.models import Therapist
from unknot.people.models import Client, Practice

SMALL_CELL = 10


class PooledEffect(models.Model):
    """The mean change over the three days after one session, of all clients of a practice.

    Points of the outcome's own scale with the 95 % range; an empty technique is all massage.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    outcome = models.SlugField(max_length=10)
    technique = models.SlugField(max_length=40, blank=True)
    clients = models.PositiveIntegerField()
    mean = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    between_sd = models.FloatField()
    half_life = models.FloatField(null=True, blank=True)  # days; of people on fixed dates alone
    made_at = models.DateTimeField()
    model_version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "outcome", "technique"], name="pooledeffect_once"
            ),
            models.CheckConstraint(
                condition=models.Q(clients__gte=SMALL_CELL), name="pooledeffect_is_of_many"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, practice {self.practice_id}"


class OthersReport(models.Model):
    """What the other clients of a practice report, as a prior for one client's own fit.

    Points right after an hour, lower is better; the client's own answers are left out of it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    outcome = models.SlugField(max_length=10)
    mean = models.FloatField()
    sd = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "outcome"], name="othersreport_once")
        ]

    def __str__(self) -> str:
        return f"{self.outcome}, client {self.client_id}"


class TherapistResult(models.Model):
    """How much more a therapist's clients changed than their start lets expect; theirs to read.

    Points of the questionnaire, minus is less trouble, with the 95 % range.
    """

    therapist = models.OneToOneField(Therapist, on_delete=models.CASCADE)
    clients = models.PositiveIntegerField()
    mean = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    made_at = models.DateTimeField()
    model_version = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clients__gte=SMALL_CELL), name="therapistresult_is_of_many"
            )
        ]

    def __str__(self) -> str:
        return f"therapist {self.therapist_id}"


class PooledRun(models.Model):
    """When a part of a practice's pool was last taken on; whoever changes `at` does the work.

    A part is an outcome, or the therapists.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    part = models.SlugField(max_length=10)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "part"], name="pooledrun_once")]

    def __str__(self) -> str:
        return f"{self.part}, practice {self.practice_id}"
