"""Fill the installation of the crash test, and say what stands in it afterwards.

Run as a program with the variables of that installation, because the suite has a database of its
own: `seed CLIENTS` or `look [SPOIL …]`, each answered as JSON.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from importlib import import_module

import django

CSRF = "abcdefghijklmnopqrstuvwxyz012345"
CHEAP = "django.contrib.auth.hashers.MD5PasswordHasher"
THERAPISTS, ROOMS, DAYS = 6, 5, 50


def seed(clients: int) -> dict[str, object]:
    """A practice with fewer rooms than therapists, and clients who may book; their cookies."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.core.management import call_command

    from tests import cast
    from tests.checkins import a_completed_checkin
    from unknot.journey.book.actions import days
    from unknot.journey.book.models import Need, Resource
    from unknot.journey.understand import access

    call_command("migrate", interactive=False, verbosity=0)
    settings.PASSWORD_HASHERS = [CHEAP]  # nobody signs in with a password here
    now = datetime.now(UTC)
    practice = cast.a_practice("Lindenweg")
    therapists = [cast.a_therapist(f"Therapist{one}", practice) for one in range(THERAPISTS)]
    service = cast.a_service(practice, "swedish", *therapists, minutes=30)
    for one in range(ROOMS):
        Resource.objects.create(kind="room", practice=practice, name=f"Room {one}")
    Need.objects.create(service=service, kind="room")
    today = now.astimezone(practice.tz).date()
    for one in therapists:
        days.extend(one, today=today)
    wishes = []
    for day in (today + timedelta(days=one) for one in range(2, DAYS)):
        for minute in range(9 * 60, 16 * 60 + 20, 45) if day.weekday() < 5 else ():
            wall = datetime.combine(day, time(minute // 60, minute % 60), practice.tz)
            start = wall.astimezone(UTC).isoformat()
            wishes += [(one.slug, service.pk, start) for one in therapists]
    store = import_module(settings.SESSION_ENGINE).SessionStore
    people = []
    for one in range(clients):
        client = cast.a_client(f"Client{one}", practice)
        checkin = a_completed_checkin(client, practice=practice, now=now)
        session = store()
        session[SESSION_KEY] = str(client.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = client.user.get_session_auth_hash()
        session[access.SESSION_KEY] = str(checkin.key)
        session.create()
        cookies = {"sessionid": session.session_key, "csrftoken": CSRF}
        people.append({"name": client.name, "cookies": cookies})
    return {"clients": people, "wishes": wishes}


def look(spoils: list[str]) -> dict[str, object]:
    """What stands, in one snapshot; and what would be seen if it were spoilt, then undone."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        seen = {"": _seen()}
        for name in spoils:
            with transaction.atomic():
                SPOILS[name]()
                seen[name] = _seen()
                transaction.set_rollback(True)
    return seen


def _seen() -> dict[str, object]:
    from unknot.journey.book.models import Appointment
    from unknot.journey.book.reads import reconcile

    days = list(reconcile.days())
    rows = Appointment.objects.values_list("key", "status", "client__name", "start")
    return {
        "rows": sum(count for count, _ in days),
        "differences": sum(len(found) for _, found in days),
        "overlaps": reconcile.overlaps(),
        "strays": sum(reconcile.strays(datetime.now(UTC))),
        "appointments": {str(key): [status, who, str(at)] for key, status, who, at in rows},
    }


def _run(*statements: str) -> Callable[[], None]:
    def spoil() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in statements:
                cursor.execute(statement)

    return spoil


_ONE = "(SELECT max(id) FROM book_appointment WHERE status = 'confirmed')"
#: One harm each, as it would be if a guard were missing.
SPOILS = {
    "lost": _run(
        f"CREATE TEMP TABLE gone ON COMMIT DROP AS SELECT {_ONE} AS id",
        "DELETE FROM book_allocation WHERE appointment_id IN (SELECT id FROM gone)",
        "SET LOCAL session_replication_role = replica",
        "DELETE FROM book_appointment WHERE id IN (SELECT id FROM gone)",
    ),
    "undone": _run(f"UPDATE book_appointment SET status = 'cancelled' WHERE id = {_ONE}"),
    "twice": _run(
        "CREATE TEMP TABLE again ON COMMIT DROP AS"
        f" SELECT * FROM book_appointment WHERE id = {_ONE}",
        "UPDATE again SET id = id + 1000000, key = gen_random_uuid(), request_key = NULL",
        "INSERT INTO book_appointment SELECT * FROM again",
    ),
    "overlap": _run(
        "ALTER TABLE book_allocation DROP CONSTRAINT no_double_booking",
        "INSERT INTO book_allocation (market, resource_id, during, appointment_id)"
        " SELECT market, resource_id, during, appointment_id FROM book_allocation"
        f" WHERE appointment_id = {_ONE}",
    ),
    "bit": _run(
        "UPDATE book_availday SET free = set_bit(free, 120, 1 - get_bit(free, 120))"
        " WHERE ctid = (SELECT ctid FROM book_availday LIMIT 1)"
    ),
    "bare": _run(f"DELETE FROM book_allocation WHERE appointment_id = {_ONE}"),
}


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "seed":
        print(json.dumps(seed(int(sys.argv[2]))))
    else:
        print(json.dumps(look(sys.argv[2:])))
