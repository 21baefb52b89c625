"""Keep what somebody chose about reminders, and plan what is due: safe twice and by two workers.

        chosen ──▶ due ──▶ claimed by moving it to the next day ──▶ a mail of the outbox
                                                               └──▶ a push, handed over by `push`

Units   hours of the practice's local day; weekdays 0 (Monday) to 6; aware datetimes.
Errors  BadInput: an hour or a day that no week has, or nowhere to show what is pushed.
Source  domain/calendar/reminding.py says when each is due and when we stop.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from unknot.domain.calendar.reminding import (
    DOOR_FROM,
    DOOR_OVER,
    Rhythm,
    Step,
    Window,
    at_the_door,
    due_on,
    next_due,
    step,
)
from unknot.journey.book.actions import letters
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions import push
from unknot.journey.follow.models import (
    PushSubscription,
    Reminder,
    ReminderKind,
    ReminderState,
    Reminding,
    Way,
)
from unknot.journey.follow.reads import door
from unknot.journey.follow.reads import reminders as reads
from unknot.journey.follow.webpush import Browser
from unknot.people import access as people
from unknot.people import audit, outbox
from unknot.people.mail_kinds import Group
from unknot.people.models import Client, Purpose, StoppedMail, User
from unknot.web.errors import BadInput

#: So many a minute; the next minute takes the rest.
BATCH: Final = 500


@transaction.atomic(durable=True)
def choose(
    actor: User,
    client: Client,
    *,
    hour: int,
    weekdays: Collection[int],
    way: str,
    browser: Browser | None = None,
    now: datetime,
) -> None:
    """Begin reminders at one hour; `browser` is where a push is shown from now on."""
    people.lock(client)
    try:
        rhythm = Rhythm(hour=hour, weekdays=frozenset(weekdays))
    except ValueError as error:
        raise BadInput(_("Choose an hour from 0 to 23 and at least one day.")) from error
    if way not in Way.values:
        raise BadInput(_("Choose how the reminder reaches you."))
    if way == Way.PUSH:
        _check_somewhere(actor, browser, now)
    StoppedMail.objects.filter(user=actor, group=Group.DAILY).delete()
    kept, _made = Reminding.objects.update_or_create(
        client=client,
        defaults={
            "wanted": True,
            "hour": hour,
            "weekdays": sorted(rhythm.weekdays),
            "way": way,
            "chosen_at": now,
            "next_at": next_due(now, rhythm, reads.place_of(client.practice)),
            "stopped_at": None,
        },
    )
    audit.record(actor, "reminders.chosen", kept, at=now, client=client)


def _check_somewhere(actor: User, browser: Browser | None, now: datetime) -> None:
    if browser is not None:
        push.keep_browser(actor, browser, now=now)
    elif not PushSubscription.objects.filter(user=actor).exists():
        raise BadInput(_("This browser has not agreed to show reminders. Choose mail instead."))


@transaction.atomic(durable=True)
def decline(actor: User, client: Client, *, now: datetime) -> None:
    """No reminders, from now on; what is planned is taken back, and no browser is remembered."""
    people.lock(client)
    kept, _made = Reminding.objects.update_or_create(
        client=client,
        defaults={"wanted": False, "chosen_at": now, "next_at": None, "stopped_at": None},
        create_defaults={
            "wanted": False,
            "hour": reads.HOUR,
            "weekdays": list(reads.WEEKDAYS),
            "way": Way.MAIL,
            "chosen_at": now,
        },
    )
    PushSubscription.objects.filter(user=actor).delete()
    take_back(client, now=now)
    audit.record(actor, "reminders.declined", kept, at=now, client=client)


def take_back(client: Client, *, now: datetime) -> None:
    """Take back what is planned for today and not on its way; within the caller's transaction."""
    outbox.withdraw(about(client), now=now)
    planned = Reminder.objects.filter(client=client, state=ReminderState.PLANNED)
    planned.exclude(kind=ReminderKind.DOOR).update(state=ReminderState.DROPPED)


def about(client: Client) -> str:
    """What the outbox calls the reminders of this client's day."""
    return f"daily {client.key}"


def plan_due(now: datetime) -> int:
    """Plan every reminder whose hour has come; how many were planned."""
    due = Reminding.objects.filter(wanted=True, next_at__lte=now).order_by("next_at")
    planned = sum(_plan_day(found, now) for found in _with_people(due)[:BATCH])
    return planned + sum(_plan_door(visit, now) for visit in _before_the_door(now)[:BATCH])


def _with_people(found: QuerySet[Reminding]) -> QuerySet[Reminding]:
    return found.select_related("client__practice", "client__user")


@transaction.atomic(durable=True)
def _plan_day(found: Reminding, now: datetime) -> bool:
    """Claim one choice by moving it on, then plan what its day needs."""
    client = found.client
    place, rhythm = reads.place_of(client.practice), reads.rhythm_of(found)
    claim = Reminding.objects.filter(pk=found.pk, wanted=True, next_at=found.next_at)
    if claim.update(next_at=next_due(now, rhythm, place)) != 1:
        return False  # another worker was first, or the choice has changed
    today = place.day_of(now)
    window = due_on(today, rhythm, place)
    if today.weekday() not in rhythm.weekdays or not window.is_open(now) or _unwilling(client):
        return False
    found_step = step(
        today,
        reminded=reads.reminded_days(found, today),
        answered=reads.newest_answer(client),
    )
    if found_step is Step.NOTHING:
        return False
    kind = ReminderKind.LAST if found_step is Step.LAST else ReminderKind.DAILY
    if kind == ReminderKind.LAST:
        claimed = Reminding.objects.filter(pk=found.pk)
        claimed.update(wanted=False, next_at=None, stopped_at=now)
    _plan(found, kind, window, now)
    return True


def _unwilling(client: Client) -> bool:
    """Whether the link in a mail stopped them, or care itself was taken back."""
    return reads.is_stopped(client) or not people.consents_to(client, Purpose.CARE)


def _before_the_door(now: datetime) -> QuerySet[Appointment]:
    """The confirmed sessions that begin soon, of clients who want to be reminded."""
    sent = Reminder.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("start"))
    soon = Appointment.objects.filter(
        ~Exists(sent),
        status=Status.CONFIRMED,
        start__gt=now + DOOR_OVER,
        start__lte=now + DOOR_FROM,
        client__reminding__wanted=True,
    )
    return soon.select_related(
        "client__reminding", "client__user", "client__practice", "therapist__practice"
    ).order_by("start")


def _plan_door(visit: Appointment, now: datetime) -> bool:
    """Plan the question at the door of one session; the constraint keeps it to once."""
    client = visit.client
    window = at_the_door(visit.start, reads.place_of(visit.therapist.practice))
    if client is None or window is None or not window.is_open(now):
        return False
    if _unwilling(client) or door.answered(visit) is not None:
        return False
    try:
        with transaction.atomic(durable=True):
            _plan(client.reminding, ReminderKind.DOOR, window, now, visit=visit)
    except IntegrityError:
        return False  # another worker was first
    return True


def _plan(
    found: Reminding,
    kind: ReminderKind,
    window: Window,
    now: datetime,
    *,
    visit: Appointment | None = None,
) -> None:
    """Write the reminder down; by mail it goes to the outbox in the same transaction."""
    client, by_mail = found.client, found.way == Way.MAIL
    practice = client.practice if visit is None else visit.therapist.practice
    Reminder.objects.create(
        client=client,
        kind=kind,
        way=found.way,
        day=reads.place_of(practice).day_of(now),
        appointment=visit,
        starts_at=None if visit is None else visit.start,
        state=ReminderState.SENT if by_mail else ReminderState.PLANNED,
        due_at=now,
        useless_at=window.useless_at,
    )
    if by_mail and client.user is not None:
        outbox.queue(
            MAILS[kind],
            client.user,
            {"appointment": visit, "practice": practice},
            at=now,
            practice=practice,
            useless_at=window.useless_at,
            about=about(client) if visit is None else letters.about(visit),
        )


#: The mail of each kind of reminder.
MAILS: Final = {
    ReminderKind.DAILY: "daily-reminder",
    ReminderKind.LAST: "daily-last",
    ReminderKind.DOOR: "door-reminder",
}
