"""Locks, always in this order: the check-in, the client, people by number, appointments, days.

Rivals queue at the person whom they want to book, so a loser hears SlotTaken and never a deadlock.
Days are locked by resource, practice and date; whoever frees times and takes others in one
transaction locks the days of both at once.

Units   none.
Errors  DoesNotExist for a row that is gone; appointments never are.
Source  docs/decisions/0020-one-constraint-for-people-rooms-and-tools.md
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db import connection
from django.db.models import Q

from unknot.journey.book.models import Appointment, Resource
from unknot.journey.choose.models import Therapist
from unknot.journey.understand.models import CheckIn

#: A resource, the practice whose day it is, and the day.
DayKey = tuple[int, int, date]


def lock_checkin(checkin: CheckIn) -> CheckIn:
    """Lock a check-in and load it anew."""
    return (
        CheckIn.objects.select_for_update(no_key=True, of=("self",))
        .select_related("client", "practice")
        .get(pk=checkin.pk)
    )


def lock_people(therapists: Collection[Therapist]) -> dict[int, Resource]:
    """Lock these people in whichever practice they are listed; by the number of their account."""
    users = {one.user_id: one for one in therapists}
    locked = _locked_people(users)
    missing = sorted(users.keys() - locked.keys())
    for user in missing:
        Resource.objects.get_or_create(
            user_id=user,
            defaults={"kind": Resource.Kind.PERSON, "market": users[user].practice.market},
        )
    return _locked_people(users) if missing else locked


def _locked_people(users: Iterable[int]) -> dict[int, Resource]:
    locked = (
        Resource.objects.select_for_update(no_key=True, of=("self",))
        .filter(user__in=users)
        .order_by("pk")
    )
    return {one.user_id: one for one in locked if one.user_id is not None}


def therapist(number: int) -> Therapist:
    """A listing as it is now, for whoever holds the lock of its person."""
    found = Therapist.objects.select_related("practice", "location", "user")
    return found.get(pk=number)


def lock_appointment(appointment: Appointment) -> Appointment:
    """Lock an appointment, with the other half of a couple, and load it anew."""
    locked = {one.pk: one for one in lock_appointments([appointment])}
    return locked[appointment.pk]


def lock_appointments(appointments: Collection[Appointment]) -> list[Appointment]:
    """Lock appointments and the other halves of couples by number, and load them anew.

    Before any day: whoever frees old holds has their appointment first and waits for its days.
    """
    if not appointments:
        return []
    pairs = [one.pair for one in appointments if one.pair is not None]
    asked = Q(pk__in=[one.pk for one in appointments]) | Q(pair__in=pairs)
    return list(
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("therapist__practice", "therapist__location", "therapist__user")
        .select_related("service", "client__practice", "client__user", "checkin")
        .filter(asked)
        .order_by("pk")
    )


def lock_days(keys: Iterable[DayKey]) -> None:
    """Lock rows of the read model in their one order."""
    wanted = sorted(set(keys))
    if not wanted:
        return
    resources, practices, days = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT book_lock_days(%s::int[], %s::bigint[], %s::date[])",
            [list(resources), list(practices), list(days)],
        )
