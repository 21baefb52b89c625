"""Keep the daily twenty seconds, the weekly and the outcome questions, an import, a review.

Units   ratings 0 to 10 or None for a skipped question; points as each instrument defines them;
        days are local days of the practice.
Errors  BadInput: no answer at all, or imported days that the person answered themselves.
        NotDue: questions that are not open today. Missing: a review of a session that was not
        theirs. NotYetReviewable, NoLongerReviewable: outside of its window. Nothing is
        half-written.
Source  batteries "daily", "weekly" and "outcome" of knowledge/instruments
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import after_session as windows
from unknot.domain.instruments import catalogue
from unknot.domain.reviews import Scores, window
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.after_session import AfterSession as Noticed
from unknot.domain.screening.after_session import after_session
from unknot.domain.screening.clearance import BLOCKING
from unknot.journey.book.actions import letters
from unknot.journey.book.models import Appointment, Status
from unknot.journey.book.reads import booked
from unknot.journey.choose.actions import reviews
from unknot.journey.follow import reads
from unknot.journey.follow.models import AfterSession, DailyCheckIn, SeriesImport
from unknot.journey.understand import reads as understand
from unknot.journey.understand.actions import stop
from unknot.journey.understand.actions.follow_up import (
    Points,
    keep_follow_up,
    save_follow_up,
    says_something,
)
from unknot.journey.understand.actions.recheck import keep_weekly
from unknot.journey.understand.follow_ups import OUTCOME, WEEKLY
from unknot.journey.understand.models import FollowUp
from unknot.people import access as people
from unknot.people import alerts, audit
from unknot.people.models import Client, Purpose, User
from unknot.web.errors import BadInput, Conflict, Missing

#: The daily battery: column, instrument, item and strand.
DAILY = (
    ("pain", "pain_nrs", "pain_24h", "body"),
    ("stress", "stress_nrs", "stress_today", "mind"),
    ("sleep", "sleep_nrs", "sleep_last_night", "mind"),
)


class NotDue(Conflict):
    """These questions are not open today: they are answered, or their day has not come."""

    title = gettext_lazy("These questions are not due now")
    sentence = gettext_lazy("They are answered already, or their day has not come yet.")
    mend = gettext_lazy("Your progress page says when they are due.")


class NotYetReviewable(Conflict):
    """A session can be reviewed from 24 hours after its end."""

    title = gettext_lazy("It is too early for a review")
    mend = gettext_lazy("A night between the session and the words is long enough to judge it.")


class NoLongerReviewable(Conflict):
    """A session can be reviewed up to 60 days after its end."""

    title = gettext_lazy("It is too late for a review")
    mend = gettext_lazy("You can still take back what you have written, unless it is hidden.")


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


class DayAnswers(Protocol):
    """One day as an importer reads it."""

    @property
    def day(self) -> date: ...
    @property
    def pain(self) -> float | None: ...
    @property
    def stress(self) -> float | None: ...
    @property
    def sleep(self) -> float | None: ...


@transaction.atomic(durable=True)
def save_daily(
    actor: User,
    client: Client,
    *,
    pain: int | None,
    stress: int | None,
    sleep: int | None,
    now: datetime,
) -> DailyCheckIn:
    """Keep today's answers with their versions; answering again on the same day replaces them."""
    given = {"pain": pain, "stress": stress, "sleep": sleep}
    if all(value is None for value in given.values()):
        raise BadInput(_("Answer at least one of the three questions."))
    asked = [
        catalogue.load().instrument(name)
        for column, name, _item, _strand in DAILY
        if given[column] is not None
    ]
    saved, _made = DailyCheckIn.objects.update_or_create(
        client=client,
        day=reads.local_day(client, now),
        defaults={
            **given,
            "versions": {one.id: one.version for one in asked},
            "language": asked[0].language,
            "answered_at": now,
            "series": None,
        },
    )
    audit.record(actor, "daily.saved", saved, at=now, client=client)
    return saved


@transaction.atomic(durable=True)
def save_weekly(
    actor: User, client: Client, *, points: Points, anything_new: str = "", now: datetime
) -> FollowUp:
    """Keep the week's answers and whether anything is new (yes, no, unsure or empty)."""
    if not says_something(points) and not anything_new:
        raise BadInput(_("Answer at least one question, or leave this for another day."))
    if not reads.rhythm(client, now=now).weekly_open:
        raise NotDue
    kept = keep_follow_up(actor, client, battery=WEEKLY, week=None, points=points, now=now)
    letters.plan_weekly(client, now=now)
    keep_weekly(actor, client, kept, said=anything_new, now=now)
    return kept


def save_outcome(actor: User, client: Client, *, points: Points, now: datetime) -> FollowUp:
    """Keep the outcome answers of the week that is open now; raises NotDue when none is."""
    rhythm = reads.rhythm(client, now=now)
    if not rhythm.outcome_open:
        raise NotDue
    return save_follow_up(
        actor, client, battery=OUTCOME, week=rhythm.outcome.week, points=points, now=now
    )


@transaction.atomic(durable=True)
def import_days(
    client: Client,
    rows: Sequence[DayAnswers],
    *,
    file_name: str,
    attribution: str = "",
    stress_stand_in: str = "",
    actor: User | None,
    now: datetime,
) -> SeriesImport:
    """Keep a series that came as a file; a day the person answered themselves is never replaced."""
    if not rows:
        raise BadInput(_("There is no row to import."))
    days = [row.day for row in rows]
    own = DailyCheckIn.objects.filter(client=client, day__in=days, series__isnull=True)
    if taken := own.order_by("day").values_list("day", flat=True).first():
        raise BadInput(
            _("%(day)s was already answered by the person; leave that row out.") % {"day": taken}
        )
    DailyCheckIn.objects.filter(client=client, day__in=days).delete()
    series = SeriesImport.objects.create(
        client=client,
        file_name=file_name,
        attribution=attribution,
        stress_stand_in=stress_stand_in,
        imported_by=actor,
        imported_at=now,
        rows=len(rows),
    )
    DailyCheckIn.objects.bulk_create(
        DailyCheckIn(
            client=client,
            day=row.day,
            pain=row.pain,
            stress=row.stress,
            sleep=row.sleep,
            answered_at=now,
            series=series,
        )
        for row in rows
    )
    audit.record(actor, "daily.imported", series, at=now, client=client)
    return series


def attended(client: Client, appointment_key: UUID) -> booked.Attended:
    """The session of this client that took place; Missing for any other appointment."""
    found = booked.attended(client, appointment_key)
    if found is None:
        raise Missing
    return found


def check_reviewable(session: booked.Attended, *, now: datetime) -> None:
    """Refuse a review outside of its window, with the day on which it opens or has closed."""
    found, zone = window(session.ended_at), session.therapist.practice.tz
    if now < found.opens:
        day = date_format(found.opens.astimezone(zone), "j F Y, H:i")
        raise NotYetReviewable(_("You can review this session from %(day)s.") % {"day": day})
    if now > found.closes:
        day = date_format(found.closes.astimezone(zone), "j F Y")
        raise NoLongerReviewable(_("This session could be reviewed until %(day)s.") % {"day": day})


@transaction.atomic(durable=True)
def leave_review(
    client: Client, appointment_key: UUID, *, scores: Scores, text: str, now: datetime
) -> None:
    """Hand `choose` a review, new or changed, with the proof that this client attended."""
    session = attended(client, appointment_key)
    check_reviewable(session, now=now)
    reviews.keep_review(
        session.therapist,
        client,
        appointment_key=appointment_key,
        technique=session.technique,
        scores=scores,
        text=text,
        attended_on=session.on,
        now=now,
    )


@transaction.atomic(durable=True)
def take_back_review(client: Client, appointment_key: UUID, *, now: datetime) -> None:
    """Delete one's own review, at any time; raises Missing for none, HiddenStays for a hidden."""
    reviews.take_back(client, appointment_key=appointment_key, now=now)


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
    now: datetime,
) -> AfterSession:
    """Keep what was noticed, once; red flags close booking, and the practice is told at once.

    Soreness is 0 to 10 or None. Raises NotAsked, NotKept, BadInput.
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


@transaction.atomic(durable=True)
def open_progress(actor: User, client: Client, *, now: datetime) -> reads.Progress:
    """A therapist reads a client's progress: the read, and the row that says so."""
    audit.record(actor, "progress.read", client, at=now, client=client)
    return reads.progress(client, now=now)
