"""Push reminders to the browsers that agreed, each at most once.

        planned ──▶ sending ──▶ sent         taken by a push service, or perhaps taken
           ▲           ├──▶ planned, later   no service took it
           └───────────┘──▶ dropped          answered, too late, or no browser is left

Units   aware datetimes; seconds.
Errors  BadInput for a subscription that cannot be used. None leaves the job.
Source  docs/decisions/0024-web-push.md
"""

import json
import logging
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from unknot.journey.book.models import Status
from unknot.journey.follow import webpush
from unknot.journey.follow.models import (
    DailyCheckIn,
    PushKey,
    PushSubscription,
    Reminder,
    ReminderKind,
    ReminderState,
)
from unknot.journey.follow.reads import door
from unknot.people.models import User
from unknot.web.errors import BadInput

log = logging.getLogger(__name__)
#: So few that services which hang are over before a claim counts as stuck.
BATCH: Final = 20
STUCK_AFTER: Final = timedelta(minutes=10)
AGAIN_AFTER: Final = timedelta(minutes=5)
#: Phones and browsers of one person; one more takes the place of the oldest.
MOST_BROWSERS: Final = 10


def own_key(now: datetime) -> str:
    """The private key of this installation; the first who needs it makes it, once."""
    PushKey.objects.bulk_create(
        [PushKey(pk=1, private=webpush.make_key(), made_at=now)], ignore_conflicts=True
    )
    return PushKey.objects.get(pk=1).private


def public_key(now: datetime) -> str:
    """What a browser must know to subscribe here: the public key in base64url; 1 query."""
    kept = PushKey.objects.filter(pk=1).first()
    return webpush.public_key(kept.private if kept is not None else own_key(now))


def keep_browser(user: User, browser: webpush.Browser, *, now: datetime) -> None:
    """Show reminders of `user` in this browser, and nobody else's; within the caller's transaction.

    Raises BadInput for a service that is not in UNKNOT_PUSH_HOSTS, or for keys that are none.
    """
    try:
        webpush.check(browser, hosts=settings.PUSH_HOSTS)
    except webpush.BadSubscription as error:
        raise BadInput(_("This browser cannot show our reminders. Choose mail instead.")) from error
    PushSubscription.objects.update_or_create(
        endpoint=browser.endpoint,
        defaults={
            "user": user,
            "p256dh": browser.p256dh,
            "auth": browser.auth,
            "made_at": now,
        },
    )
    own = PushSubscription.objects.filter(user=user).order_by("-made_at", "-pk")
    old = own.values_list("pk", flat=True)[MOST_BROWSERS:]
    PushSubscription.objects.filter(pk__in=list(old)).delete()


def hand_over_due(now: datetime) -> int:
    """Push what is due, one claim each; how many a service took."""
    planned = Reminder.objects.filter(state=ReminderState.PLANNED)
    planned.filter(useless_at__lte=now).update(state=ReminderState.DROPPED)
    # A worker died between claim and answer: it may have arrived, so it is not sent again.
    stuck = Reminder.objects.filter(state=ReminderState.SENDING)
    stuck.filter(claimed_at__lt=now - STUCK_AFTER).update(state=ReminderState.DROPPED)
    due = planned.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)
    return sum(_hand_over(pk, now) for pk in due[:BATCH])


def _hand_over(pk: int, now: datetime) -> bool:
    planned = Reminder.objects.filter(pk=pk, state=ReminderState.PLANNED)
    if planned.update(state=ReminderState.SENDING, claimed_at=now) != 1:
        return False  # another worker was first
    found = Reminder.objects.select_related(
        "client__user", "client__practice", "client__reminding", "appointment"
    ).get(pk=pk)
    state = _pushed(found, now) if _is_wanted(found) else ReminderState.DROPPED
    settled = Reminder.objects.filter(pk=pk, state=ReminderState.SENDING, claimed_at=now)
    if state == ReminderState.PLANNED:
        settled.update(state=state, due_at=now + AGAIN_AFTER)
    else:
        settled.update(state=state)
    return state == ReminderState.SENT


def _is_wanted(found: Reminder) -> bool:
    """Whether nothing has made it needless since it was planned."""
    if found.kind == ReminderKind.LAST:
        return True
    if not found.client.reminding.wanted:
        return False
    if found.appointment is not None:
        visit = found.appointment
        stands = visit.status == Status.CONFIRMED and visit.start == found.starts_at
        return stands and door.answered(visit) is None
    return not DailyCheckIn.objects.filter(client=found.client, day=found.day).exists()


def _pushed(found: Reminder, now: datetime) -> ReminderState:
    """Push to each browser of its reader; a browser that is gone is forgotten."""
    user = found.client.user
    reached = missed = False
    if user is not None:
        text, ttl = _text(found, user), max(int((found.useless_at - now).total_seconds()), 0)
        for one in PushSubscription.objects.filter(user=user).order_by("pk"):
            try:
                _push(one, text, ttl=ttl, now=now)
                reached = True
            except (webpush.Gone, webpush.BadSubscription):
                one.delete()
            except webpush.NotPushed:
                missed = True
            except webpush.PushSilent:
                log.warning("reminder %s: no answer after it was on its way", found.pk)
                reached = True  # perhaps; twice would be worse than not at all
    if reached:
        return ReminderState.SENT
    return ReminderState.PLANNED if missed else ReminderState.DROPPED


def _push(one: PushSubscription, text: str, *, ttl: int, now: datetime) -> None:
    browser = webpush.Browser(endpoint=one.endpoint, p256dh=one.p256dh, auth=one.auth)
    webpush.check(browser, hosts=settings.PUSH_HOSTS)  # the setting may have changed since
    contact = f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
    webpush.push(browser, text, private=own_key(now), contact=contact, ttl=ttl, now=now)


def _text(found: Reminder, user: User) -> str:
    """What the browser shows: no name, and no word about anybody's health."""
    with override(user.language):
        words = {
            ReminderKind.DAILY.value: _("Your twenty seconds for today"),
            ReminderKind.LAST.value: _("We stop reminding you now. Open this to begin again."),
            ReminderKind.DOOR.value: _("A moment before your appointment"),
        }[found.kind]
        if user.discreet_mail:
            words = _("A moment for Unknot")
    told = {"title": "Unknot", "body": words, "url": address(found), "tag": found.kind}
    return json.dumps(told, ensure_ascii=False)


def address(found: Reminder) -> str:
    """The page a reminder leads to."""
    if found.kind == ReminderKind.LAST:
        return reverse("follow:reminders")
    if found.appointment is not None:
        return reverse("follow:door", args=[found.appointment.key])
    return reverse("follow:daily")
