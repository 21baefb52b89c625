"""What a booking takes: people, rooms and tools, and the one table that says who has them when.

Every hot table begins with `market`, a plain number today and the key to spread the tables by
later. Resource ids are `int`: the constraint's index knows no other kind of number.
"""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from unknot.domain.calendar import cells
from unknot.journey.choose.models import Service
from unknot.people.models import Location, Practice, User

if TYPE_CHECKING:
    Whole = models.Field[int, int]
else:
    Whole = models.Field


class DayBits(Whole):
    """The five-minute cells of a local day as PostgreSQL's bit string; a number in Python."""

    def db_type(self, connection: Any) -> str:
        return f"bit({cells.CELLS})"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value, 2)

    def get_prep_value(self, value: int | None) -> str | None:
        return None if value is None else format(value, f"0{cells.CELLS}b")


class Resource(models.Model):
    """A person, a room or a tool. A person is one, in however many practices they work."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ROOM = "room", _("Room")
        TOOL = "tool", _("Tool")

    id = models.AutoField(primary_key=True)
    market = models.IntegerField(default=1)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, null=True, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(max_length=80, blank=True)
    features = ArrayField(models.SlugField(max_length=30), default=list, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="person", user__isnull=False, practice__isnull=True)
                | models.Q(kind__in=["room", "tool"], user__isnull=True, practice__isnull=False),
                name="resource_is_somebody_or_of_a_practice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class AddOn(models.Model):
    """Something added to a session: more minutes, perhaps another technique with its own safety."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE)
    name = models.CharField(max_length=80)
    technique = models.SlugField(max_length=40, blank=True)  # judged as the session's own is
    minutes = models.PositiveSmallIntegerField(default=0)
    price_minor = models.PositiveIntegerField(default=0)
    services = models.ManyToManyField(Service, related_name="add_ons")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__lte=60), name="addon_lasts_an_hour_at_most"
            ),
            models.UniqueConstraint(fields=["practice", "name"], name="addon_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Need(models.Model):
    """A room or tool that a service or an add-on takes, with its own time before and after."""

    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True, related_name="needs"
    )
    add_on = models.ForeignKey(
        AddOn, on_delete=models.CASCADE, null=True, blank=True, related_name="needs"
    )
    kind = models.CharField(max_length=6, choices=[("room", _("Room")), ("tool", _("Tool"))])
    feature = models.SlugField(max_length=30, blank=True)  # blank: any of this kind
    quantity = models.PositiveSmallIntegerField(default=1)
    before_minutes = models.PositiveSmallIntegerField(default=0)
    after_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=False, add_on__isnull=True)
                | models.Q(service__isnull=True, add_on__isnull=False),
                name="need_of_a_service_or_an_addon",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    quantity__gte=1,
                    quantity__lte=9,
                    kind__in=["room", "tool"],
                    before_minutes__lte=180,
                    after_minutes__lte=180,
                ),
                name="need_is_of_one_to_nine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.kind} {self.feature}".strip()


class Allocation(models.Model):
    """One resource taken by one appointment, buffers included. Gone when the time is free again."""

    market = models.IntegerField()
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, db_index=False)
    during = DateTimeRangeField()
    appointment = models.ForeignKey("Appointment", on_delete=models.CASCADE)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_double_booking",
                expressions=[
                    ("market", RangeOperators.EQUAL),
                    ("resource", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(
                    during__isempty=False, during__lower_inf=False, during__upper_inf=False
                ),
                name="allocation_has_two_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"resource {self.resource_id} for appointment {self.appointment_id}"


class AvailDay(models.Model):
    """The read model: the free cells of a resource's local day, kept in each booking's transaction.

    A person has one row for each practice they work in, because hours and zone are the practice's.
    """

    pk = models.CompositePrimaryKey("market", "resource_id", "practice_id", "day")
    market = models.IntegerField()
    resource = models.ForeignKey(
        Resource, on_delete=models.CASCADE, related_name="days", db_index=False
    )
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    day = models.DateField()
    day0 = models.DateTimeField()  # the instant of the first cell
    free = DayBits()
    tzdata = models.CharField(max_length=12)  # the version that placed the cells

    class Meta:
        indexes = [models.Index(fields=["practice", "day"], name="availday_of_practice")]

    def __str__(self) -> str:
        return f"resource {self.resource_id} on {self.day}"
