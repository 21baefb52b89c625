"""Reads of what the model found, and of what goes into it.

Pages read what is stored and never fit: nothing here imports NumPy.

Units   as domain/outcomes/findings.py.
Errors  none.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from pydantic import TypeAdapter

from unknot.domain.outcomes.course import Course
from unknot.domain.outcomes.findings import Better, Link, Outcome, PersonFindings, Strand, Verdict
from unknot.domain.outcomes.series import Session
from unknot.journey.book.reads import booked
from unknot.journey.follow.models import DailyCheckIn, DoorCheckIn, Finding, Fit
from unknot.journey.follow.reads import check_ins, pooled
from unknot.journey.follow.reads.aims import main_outcome
from unknot.people import access as people
from unknot.people.models import AuditEntry, Client, Purpose

VERDICTS = TypeAdapter(tuple[Verdict, ...])
BETTER = TypeAdapter(tuple[Better, ...])
STRANDS = TypeAdapter(tuple[Strand, ...])
LINK: TypeAdapter[Link | None] = TypeAdapter(Link | None)

#: Deeds after which a person's findings may change.
NEWS = ("aim.chosen", "appointment.attended", "daily.imported", "daily.saved", "door.saved")
#: How far back the minute's job looks; whatever it misses is found within a day.
RECENT = timedelta(hours=1)
DAILY = timedelta(hours=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The newest findings of a client, when they were made and with which model."""

    found: PersonFindings
    made_at: datetime
    model_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What was found at some time before: the verdicts, and the inputs they rest on."""

    verdicts: tuple[Verdict, ...]
    better: tuple[Better, ...]
    made_at: datetime
    model_version: str
    check_ins: int
    sessions: int


def stored(client: Client) -> Stored | None:
    """The newest findings, or None before the first fit; 2 queries."""
    finding = _newest_first(client).first()
    if finding is None:
        return None
    lines = Fit.objects.filter(client=client).values_list("strands", flat=True).first()
    return Stored(
        found=PersonFindings(
            verdicts=VERDICTS.validate_python(finding.verdicts),
            better=BETTER.validate_python(finding.better),
            strands=STRANDS.validate_python(lines or ()),
            link=LINK.validate_python(finding.link),
        ),
        made_at=finding.made_at,
        model_version=finding.model_version,
    )


def earlier(client: Client, *, limit: int = 50) -> tuple[Earlier, ...]:
    """What was found before the newest, newest first; 1 query."""
    return tuple(
        Earlier(
            verdicts=VERDICTS.validate_python(one.verdicts),
            better=BETTER.validate_python(one.better),
            made_at=one.made_at,
            model_version=one.model_version,
            check_ins=one.inputs["check_ins"],
            sessions=one.inputs["sessions"],
        )
        for one in _newest_first(client)[1 : limit + 1]
    )


def course(client: Client) -> Course:
    """Everything a fit of this client takes; a constant number of queries."""
    aim = main_outcome(client)
    return Course(
        main=aim.outcome,
        worth_points=aim.worth,
        check_ins=check_ins.observations(client),
        sessions=sessions(client),
        zone=client.practice.tz,
        claimed=_claimed(client),
        others=pooled.others(client),
    )


def sessions(client: Client) -> tuple[Session, ...]:
    """The sessions that took place, as the engine takes them; 1 query."""
    return tuple(
        Session(
            start=one.start,
            end=one.end,
            technique=one.technique,
            minutes=int((one.end - one.start).total_seconds()) // 60,
        )
        for one in booked.attended_sessions(client)
    )


def fingerprint(client: Client) -> str:
    """The inputs that the newest fit saw; empty before the first; 1 query."""
    found = Fit.objects.filter(client=client).values_list("fingerprint", flat=True).first()
    return found or ""


def with_news(now: datetime) -> QuerySet[Client]:
    """Clients for whom something arrived within the hour, after they were last looked at."""
    recent = AuditEntry.objects.filter(
        action__in=NEWS, client__isnull=False, at__gt=now - RECENT, at__lte=now
    )
    last = dict(recent.values_list("client").annotate(Max("at")))
    looked = dict(Fit.objects.filter(client__in=last).values_list("client", "looked_at"))
    new = [pk for pk, at in last.items() if pk not in looked or looked[pk] < at]
    return _counted().filter(pk__in=new).order_by("pk")


def not_looked_at_today(now: datetime) -> QuerySet[Client]:
    """Clients with answers who were not looked at for most of a day, the longest wait first."""
    waited = Q(fit__isnull=True) | Q(fit__looked_at__lte=now - DAILY)
    return answering().filter(waited).order_by("fit__looked_at", "pk")


def answering() -> QuerySet[Client]:
    """Every client whose answers may be used and who has given one."""
    days = DailyCheckIn.objects.filter(client=OuterRef("pk"))
    doors = DoorCheckIn.objects.filter(client=OuterRef("pk"))
    return _counted().filter(Exists(days) | Exists(doors))


def _counted() -> QuerySet[Client]:
    """Clients whose answers may be used: who took that back is not fitted any more."""
    agreed = people.who_consent_to(Purpose.CARE)
    return Client.objects.filter(pk__in=agreed).select_related("practice")


def _newest_first(client: Client) -> QuerySet[Finding]:
    return Finding.objects.filter(client=client).order_by("-made_at", "-pk")


def _claimed(client: Client) -> frozenset[tuple[Outcome, str]]:
    newest = _newest_first(client).values_list("verdicts", flat=True).first()
    return frozenset(
        (one.outcome, one.technique or "")
        for one in VERDICTS.validate_python(newest or ())
        if one.state == "likely_helps"
    )
