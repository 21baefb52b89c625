"""What a client wants to get better first."""

from django.db import models

from unknot.people.models import Client


class Aim(models.Model):
    """The one outcome that counts for a client and what would be worth it, from an instant on.

    A change is a new row; a trigger keeps the rows as they were chosen.
    """

    class Outcome(models.TextChoices):
        PAIN = "pain"
        STIFFNESS = "stiffness"
        STRESS = "stress"
        SLEEP = "sleep"
        MOOD = "mood"

    client = models.ForeignKey(Client, on_delete=models.CASCADE)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    worth = models.SlugField(max_length=20)  # a step of knowledge/outcomes/aims.toml
    points = models.DecimalField(max_digits=3, decimal_places=1)  # what it stood for when chosen
    version = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "chosen_at"], name="aim_one_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(points__gt=0, points__lte=10), name="aim_worth_is_of_the_scale"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["pain", "stiffness", "stress", "sleep", "mood"]),
                name="aim_of_five",
            ),
        ]

    def __str__(self) -> str:
        return f"aim {self.pk}"
