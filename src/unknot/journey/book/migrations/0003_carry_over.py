"""Give everybody who is listed their resource, and each coming appointment what it takes."""

from datetime import timedelta

from django.db import migrations
from django.db.models.functions import Now

from unknot.domain.calendar import cells, hours
from unknot.domain.calendar.intervals import Period

BLOCKING = ["arrived", "attended", "confirmed", "held", "pending"]
KEPT = timedelta(days=2)


def carry_over(apps, schema_editor):
    Therapist = apps.get_model("choose", "Therapist")
    Resource = apps.get_model("book", "Resource")
    Appointment = apps.get_model("book", "Appointment")
    Allocation = apps.get_model("book", "Allocation")
    people = {}
    for therapist in Therapist.objects.order_by("pk"):
        if therapist.user_id not in people:
            people[therapist.user_id] = Resource.objects.create(
                kind="person", user_id=therapist.user_id
            )
    for one in Appointment.objects.select_related("therapist__practice").iterator():
        practice = one.therapist.practice
        wall = one.start.astimezone(zone_of(practice))
        one.promised, one.zone, one.tzdata = f"{wall:%Y-%m-%dT%H:%M}", practice.zone, hours.TZDATA
        one.save(update_fields=["promised", "zone", "tzdata"])
    coming = Appointment.objects.filter(status__in=BLOCKING, end__gt=Now() - KEPT)
    for one in coming.select_related("therapist").order_by("start"):
        person = people[one.therapist.user_id]
        period = cells.outward(Period(one.blocked.lower, one.blocked.upper))
        during = type(one.blocked)(period.start, period.end)
        clash = Allocation.objects.filter(resource=person, during__overlap=during).first()
        if clash is not None:
            raise ValueError(
                f"Appointments {clash.appointment_id} and {one.pk} are of one person in two"
                " practices at the same time. Cancel one of them, then run this again."
            )
        Allocation.objects.create(
            market=person.market, resource=person, during=during, appointment=one
        )


def zone_of(practice):
    from zoneinfo import ZoneInfo

    return ZoneInfo(practice.zone)


class Migration(migrations.Migration):
    dependencies = [("book", "0002_resources")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
