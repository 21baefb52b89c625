"""Keep what was noticed after a session, and tell the practice.

Units   soreness 0 to 10 or None.
Errors  NotAsked: the question is not open. NotKept: the client took back their consent.
        BadInput: an answer that is none of the list. Nothing is half-written.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import after_session as windows
from unknot.domain.instruments import catalogue
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.after_session import AfterSession as Noticed
from unknot.domain.screening.after_session import after_session
from unknot.domain.screening.clearance import BLOCKING
from unknot.journey.book.models import Appointment, Status
from unknot.journey.follow.actions.check_ins import Said, keep_daily
from unknot.journey.follow.models import AfterSession
from unknot.journey.follow.reads import after_session as reads
from unknot.journey.understand import reads as understand
from unknot.journey.understand.actions import stop
from unknot.people import access as people
from unknot.people import alerts, audit
from unknot.people.models import Client, Purpose, User
from unknot.web.errors import BadInput, Conflict, Missing


class NotAsked(Conflict):
    """The question after a session is not open: too early, too late, or answered."""

    title = gettext_lazy("This question is not open")
    sentence = gettext_lazy("It is answered already, its time has not come, or it is over.")
    mend = gettext_lazy("If something worries you now, call the practice or a doctor.")


class NotKept(Conflict):
    """The client took back that their answers are kept and used."""

    title = gettext_lazy("Nothing was saved")
    sentence = gettext_lazy("You took back that your answers are kept and used.")
    mend = gettext_lazy("Your account has the choice. If something worries you, call a doctor.")


def check_asked(appointment: Appointment, hours: int, *, now: datetime) -> None:
    """Raise NotAsked unless this question may be answered now, Missing for another number."""
    if hours not in windows.ASKED:
        raise Missing
    took_place = appointment.status == Status.ATTENDED
    is_open = windows.opens(appointment.end, hours) <= now < windows.closes(appointment.end)
    if not took_place or not is_open or reads.kept_after(appointment, hours) is not None:
        raise NotAsked


@transaction.atomic(durable=True)
def save_after_session(
    actor: User,
    appointment: Appointment,
    *,
    hours: int,
    soreness: int | None,
    events: Collection[str],
    day: Said | None = None,
    now: datetime,
) -> AfterSession:
    """Keep what was noticed, once; red flags close booking, and the practice is told at once.

    Soreness is 0 to 10 or None; `day` is today's daily check-in, answered with it.
    Raises NotAsked, NotKept, BadInput.
    """
    client = appointment.client
    if client is None:
        raise Missing
    people.lock(client)
    check_asked(appointment, hours, now=now)
    if not people.consents_to(client, Purpose.CARE):
        raise NotKept
    _check_noticed(soreness, events)
    found = after_session(screening.load(), events=events, soreness=soreness, hours=hours)
    asked = catalogue.load().instrument("post_session")
    try:
        with transaction.atomic():
            kept = AfterSession.objects.create(
                appointment=appointment,
                hours=hours,
                soreness=soreness,
                events=sorted(events),
                urgency=found.urgency.id,
                version=asked.version,
                language=asked.language,
                answered_at=now,
            )
    except IntegrityError as error:  # another tab was first
        raise NotAsked from error
    audit.record(actor, "after-session.saved", kept, at=now, client=client)
    if day is not None:
        keep_daily(actor, client, day, now=now)
    if found.adverse_event:
        _tell_practice(actor, appointment, client, found, now)
    return kept


def _check_noticed(soreness: int | None, events: Collection[str]) -> None:
    known = set(reads.session_events())
    if set(events) - known or (soreness is not None and soreness not in range(11)):
        raise BadInput(_("Soreness is 0 to 10, and what you noticed is one of the list."))
    if soreness is None and not events:
        raise BadInput(_("Answer at least one of the two questions."))
    if "none" in events and len(events) > 1:
        raise BadInput(_("You ticked “None of these” together with something. Keep one of them."))


def _tell_practice(
    actor: User, appointment: Appointment, client: Client, found: Noticed, now: datetime
) -> None:
    """Open a stop for red flags, and let somebody look at whatever was noticed."""
    checkin = understand.latest_completed(client)
    known = {flag.id for flag in screening.load().red_flags}
    flags = {row.because for row in found.fired if row.urgency >= BLOCKING} & known
    url = reverse("prepare:briefing", args=[appointment.key])
    if flags and checkin is not None:
        stop.stop_after_session(checkin, flags, urgency=found.urgency.id, now=now, actor=actor)
        url = reverse("practice:call-back", args=[checkin.key])
    alerts.raise_alert(
        "after-session",
        appointment.therapist.practice,
        url=url,
        client=client,
        first=appointment.therapist.user,
        now=now,
    )


@transaction.atomic(durable=True)
def open_answers_after(actor: User, appointment: Appointment, *, now: datetime) -> reads.After:
    """Give the therapist how the body answered after the session before this one; audited.

    Nothing of it while the client shares no body answers.
    """
    client = appointment.client
    if client is None or not people.consents_to(client, Purpose.SHARE_BODY):
        return reads.After(shared=False, last=None)
    audit.record(actor, "after-session.read", appointment, at=now, client=client)
    return reads.After(shared=True, last=reads.answers_after(appointment))
