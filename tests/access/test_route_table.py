"""Every address with what each person gets. An address that nobody thought about fails here.

Ana's things are opened by everybody else: Ben is another client, Tess treats Ana, Theo works in the
same practice and does not, Uma works in another one, Finn is at the front desk, Paz is the manager,
Opal runs the installation. The same table is the page docs/reference/routes.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.incidents import a_report
from tests.journey.choose.listing import a_credential, a_document
from tests.reviews import attended, published
from tests.trials import a_stopped_trial
from unknot.journey.book import access as book_access
from unknot.journey.book import links
from unknot.journey.book.actions import blocks, calendars
from unknot.journey.book.models import (
    AddOn,
    Appointment,
    HoursOverride,
    Need,
    Resource,
    Series,
    TimeOff,
    WaitingEntry,
)
from unknot.journey.session.actions import corrections, incidents
from unknot.journey.session.models import (
    CorrectionRequest,
    Phrase,
    SessionNote,
    Template,
    Treatment,
)
from unknot.journey.understand.models import SafetyStop
from unknot.people import alerts, outbox
from unknot.people.actions import agree
from unknot.people.mail import SALT
from unknot.people.models import Alert, Message, MessageState, Purpose

PEOPLE = ("nobody", "ana", "ben", "tess", "theo", "uma", "finn", "paz", "opal")

#: What an answer means in one word.
WORDS = {
    200: "OK",
    302: "GO",
    403: "NO",
    404: "–",
    405: "405",
    409: "CONFLICT",
    422: "MEND",
    503: "DOWN",
}

# One row an address: method, then what nobody, Ana, Ben, Tess, Theo, Uma, Finn, Paz, Opal get.
# LOGIN: sign in first. GO: sent on to another page. NO: 403 with the reason. –: 404, does not exist
# for them. MEND: 422, an empty form was sent. A line that starts with @ comes from django-allauth.
TABLE = """
web:home                        GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
web:credits                     GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
web:components                  GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
health                          GET  DOWN  DOWN DOWN DOWN DOWN DOWN DOWN DOWN DOWN
people:landing                  GET  LOGIN GO   GO   GO   GO   GO   GO   GO   GO
people:account                  GET  LOGIN OK   OK   OK   OK   OK   OK   OK   OK
people:consent                  POST LOGIN GO   GO   –    –    –    –    –    –
people:mails                    POST LOGIN GO   GO   GO   GO   GO   GO   GO   GO
people:stop-mail                GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
people:inbox                    GET  –     –    –    –    –    –    –    –    –
understand:start                GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
understand:minor                GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
understand:body                 GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:places               GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:story                GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:everyday             GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:today                GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:mind                 GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:more                 GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:safety               GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:history              GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:wishes               GET  GO    GO   GO   GO   GO   GO   GO   GO   GO
understand:result               GET  GO    OK   OK   GO   GO   GO   GO   GO   GO
understand:call-me              POST GO    –    MEND GO   GO   GO   GO   GO   GO
understand:restart              POST GO    GO   GO   GO   GO   GO   GO   GO   GO
choose:body-and-mind            GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
choose:techniques               GET  OK    OK   GO   OK   OK   OK   OK   OK   OK
choose:technique                GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
choose:therapists               GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
choose:therapist                GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
choose:review-report            GET  LOGIN OK   OK   OK   OK   OK   OK   OK   OK
choose:moderation-log           GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
choose:moderation               GET  LOGIN –    –    –    –    –    –    –    OK
choose:moderation-decision      GET  LOGIN –    –    –    –    –    –    –    OK
choose:credentials              GET  LOGIN –    –    –    –    –    –    –    OK
choose:credential-check         GET  LOGIN –    –    –    –    –    –    –    OK
choose:document                 GET  LOGIN –    –    OK   –    –    –    OK   OK
book:search                     GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
book:slots                      GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
book:hold                       POST MEND  MEND MEND MEND MEND MEND MEND MEND MEND
book:held                       GET  LOGIN GO   –    –    –    –    –    –    –
book:confirm                    POST LOGIN GO   –    –    –    –    –    –    –
book:release                    POST LOGIN GO   –    –    –    –    –    –    –
book:questions                  GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
book:appointments               GET  LOGIN OK   OK   –    –    –    –    –    –
book:appointment                GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:cancel                     POST LOGIN GO   –    GO   –    –    GO   GO   –
book:move                       GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:series-new                 GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:series                     GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:series-move                GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:series-cancel              GET  LOGIN OK   –    OK   –    –    OK   OK   –
book:waiting                    GET  LOGIN OK   OK   –    –    –    –    –    –
book:waiting-join               GET  LOGIN OK   OK   –    –    –    –    –    –
book:waiting-leave              POST LOGIN GO   –    –    –    –    –    –    –
book:link                       GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
book:link-move                  GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
book:link-cancel                POST GO    GO   GO   GO   GO   GO   GO   GO   GO
prepare:prepare                 GET  LOGIN OK   –    –    –    –    –    –    –
prepare:briefing                GET  LOGIN –    –    OK   –    –    –    –    –
prepare:plan                    GET  LOGIN –    –    OK   –    –    –    –    –
prepare:plan-drop               POST LOGIN –    –    GO   –    –    –    –    –
prepare:recheck                 POST LOGIN MEND –    MEND –    –    –    –    –
prepare:questions               GET  LOGIN OK   –    OK   –    –    –    –    –
prepare:touch                   GET  LOGIN OK   –    –    –    –    –    –    –
prepare:touch-confirm           POST LOGIN MEND –    MEND –    –    –    –    –
session:record                  GET  LOGIN –    –    OK   –    –    –    –    –
session:last                    GET  LOGIN –    –    OK   –    –    –    –    –
session:sign                    POST LOGIN –    –    MEND –    –    –    –    –
session:amend                   POST LOGIN –    –    CONFLICT – –   –    –    –
session:template-add            POST LOGIN –    –    MEND –    –    –    –    –
session:phrases                 GET  LOGIN –    –    OK   OK   OK   NO   NO   –
session:phrase-up               POST LOGIN –    –    GO   –    –    NO   NO   –
session:phrase-remove           POST LOGIN –    –    GO   –    –    NO   NO   –
session:templates               GET  LOGIN –    –    OK   OK   OK   NO   NO   –
session:template                GET  LOGIN –    –    OK   –    –    NO   NO   –
session:template-remove         POST LOGIN –    –    GO   –    –    NO   NO   –
session:stones                  GET  LOGIN –    –    OK   –    –    –    –    –
session:versions                GET  LOGIN –    –    OK   –    –    –    –    –
session:shared                  GET  LOGIN OK   –    –    –    –    –    –    –
session:correction-new          POST LOGIN MEND –    –    –    –    –    –    –
session:corrections             GET  LOGIN –    –    OK   OK   OK   NO   OK   –
session:correction              GET  LOGIN –    –    OK   –    –    –    OK   –
session:incidents               GET  LOGIN –    –    OK   OK   OK   NO   OK   –
session:incident-new            GET  LOGIN –    –    OK   –    –    –    OK   –
session:incident                GET  LOGIN –    –    OK   –    –    –    OK   –
session:incident-close          POST LOGIN –    –    MEND –    –    –    MEND –
follow:daily                    GET  LOGIN OK   OK   –    –    –    –    –    –
follow:kept                     POST LOGIN MEND MEND –    –    –    –    –    –
follow:offline                  GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
follow:reminders                GET  LOGIN OK   OK   –    –    –    –    –    –
follow:worker                   GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
follow:weekly                   GET  LOGIN OK   OK   –    –    –    –    –    –
follow:outcome                  GET  LOGIN OK   OK   –    –    –    –    –    –
follow:before-first             GET  LOGIN OK   OK   –    –    –    –    –    –
follow:answered                 GET  LOGIN –    –    –    –    –    –    –    –
follow:aim                      GET  LOGIN OK   OK   –    –    –    –    –    –
follow:aim-told                 GET  LOGIN –    –    OK   –    –    –    –    –
follow:progress                 GET  LOGIN OK   OK   –    –    –    –    –    –
follow:said-before              GET  LOGIN OK   OK   –    –    –    –    –    –
follow:client-progress          GET  LOGIN –    –    OK   –    –    NO   NO   –
follow:door                     GET  LOGIN OK   –    –    –    –    –    –    –
follow:after-care               GET  LOGIN OK   –    –    –    –    –    –    –
follow:after                    GET  LOGIN CONFLICT –  – –    –    –    –    –
follow:answers-after            GET  LOGIN –    –    OK   –    –    –    –    –
follow:review                   GET  LOGIN OK   –    –    –    –    –    –    –
follow:review-take-back         POST LOGIN GO   –    –    –    –    –    –    –
follow:trials                   GET  LOGIN OK   OK   –    –    –    –    –    –
follow:trial-new                GET  LOGIN OK   –    –    –    –    –    –    –
follow:trial                    GET  LOGIN OK   –    OK   –    –    –    –    –
follow:trial-accept             POST LOGIN MEND –    CONFLICT – –   –    –    –
follow:trial-decline            POST LOGIN CONFLICT – CONFLICT – –  –    –    –
follow:trial-stop               POST LOGIN GO   –    GO   –    –    –    –    –
follow:trial-report             GET  LOGIN OK   –    OK   –    –    –    –    –
follow:client-trials            GET  LOGIN –    –    OK   –    –    NO   NO   –
follow:client-trial-new         GET  LOGIN –    –    OK   –    –    NO   NO   –
follow:routine                  GET  LOGIN OK   OK   –    –    –    –    –    –
follow:routine-edit             GET  LOGIN OK   OK   –    –    –    –    –    –
follow:routine-state            POST LOGIN MEND MEND –    –    –    –    –    –
follow:home-plan                GET  LOGIN OK   OK   –    –    –    –    –    –
follow:home-day                 POST LOGIN MEND MEND –    –    –    –    –    –
follow:client-routine           GET  LOGIN –    –    OK   –    –    NO   NO   –
follow:client-routine-edit      GET  LOGIN –    –    OK   –    –    NO   NO   –
follow:client-home-plan         GET  LOGIN –    –    OK   –    –    NO   NO   –
practice:day                    GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:arrived                POST LOGIN –    –    GO   –    –    GO   GO   –
practice:no-show                POST LOGIN –    –    CONFLICT –    –    CONFLICT CONFLICT –
practice:room-plan              GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:alerts                 GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:alert-take             POST LOGIN –    –    GO   –    –    –    GO   –
practice:calendar               GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:move                   GET  LOGIN –    –    OK   –    –    OK   OK   –
practice:calendar-week          GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:desk                   GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:desk-book              GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:desk-visit             GET  LOGIN –    –    OK   –    –    OK   OK   –
practice:desk-accept            POST LOGIN –    –    GO   –    –    GO   GO   –
practice:desk-decline           POST LOGIN –    –    CONFLICT –    –    CONFLICT CONFLICT –
practice:desk-send              POST LOGIN –    –    CONFLICT –    –    CONFLICT CONFLICT –
practice:blocked                GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:block-end              POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:call-backs             GET  LOGIN –    –    OK   OK   OK   OK   OK   –
practice:call-back              GET  LOGIN –    –    OK   OK   –    OK   OK   –
practice:called                 POST LOGIN –    –    GO   GO   –    GO   GO   –
practice:settings               GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:numbers                POST LOGIN –    –    NO   NO   NO   NO   MEND –
practice:mails                  GET  LOGIN –    –    NO   NO   NO   OK   OK   –
practice:mail-again             POST LOGIN –    –    NO   NO   NO   GO   GO   –
practice:mail-bounced           POST LOGIN –    –    NO   NO   NO   GO   GO   –
practice:quiet-hours            POST LOGIN –    –    NO   NO   NO   NO   MEND –
practice:questionnaires         GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:questionnaire          GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:questionnaire-stop     POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:listing                GET  LOGIN –    –    OK   OK   OK   NO   NO   –
practice:credentials            GET  LOGIN –    –    OK   OK   OK   NO   NO   –
practice:credential             GET  LOGIN –    –    OK   –    –    NO   NO   –
practice:credential-remove      POST LOGIN –    –    GO   –    –    NO   NO   –
practice:document-add           POST LOGIN –    –    MEND –    –    NO   NO   –
practice:document-remove        POST LOGIN –    –    GO   –    –    NO   NO   –
practice:team                   GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:team-required          POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:credential-check       GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:places                 GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:place                  GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:offer                  GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:service                GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:need-add               POST LOGIN –    –    NO   NO   NO   NO   MEND –
practice:need-remove            POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:add-ons                GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:add-on                 GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:add-on-need-add        POST LOGIN –    –    NO   NO   NO   NO   MEND –
practice:resources              GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:resource               GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:resource-off           POST LOGIN –    –    NO   NO   NO   NO   MEND –
practice:resource-retire        POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:resource-restore       POST LOGIN –    –    NO   NO   NO   NO   GO   –
practice:policies               GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:reviews                GET  LOGIN –    –    OK   OK   OK   NO   NO   –
practice:results                GET  LOGIN –    –    OK   OK   OK   NO   NO   –
practice:outcomes               GET  LOGIN –    –    NO   NO   NO   NO   OK   –
practice:review                 GET  LOGIN –    –    OK   –    –    NO   NO   –
practice:hours                  GET  LOGIN –    –    OK   OK   OK   NO   OK   –
practice:other-day              POST LOGIN –    –    MEND MEND MEND NO   –    –
practice:other-day-remove       POST LOGIN –    –    GO   NO   –    NO   GO   –
practice:time-off               GET  LOGIN –    –    OK   OK   OK   NO   OK   –
practice:time-off-remove        POST LOGIN –    –    GO   NO   –    NO   GO   –
practice:limits                 GET  LOGIN –    –    OK   OK   OK   NO   OK   –
interfaces:appointment-calendar GET  LOGIN OK   –    OK   –    –    –    –    –
interfaces:calendar-feed        GET  OK    OK   OK   OK   OK   OK   OK   OK   OK
interfaces:calendars            GET  LOGIN OK   OK   OK   OK   OK   OK   OK   OK
interfaces:feed-open            POST LOGIN OK   OK   OK   OK   OK   OK   OK   OK
interfaces:feed-close           POST LOGIN GO   GO   GO   GO   GO   GO   GO   GO
interfaces:source-add           POST LOGIN –    –    MEND –    –    –    –    –
interfaces:source-remove        POST LOGIN –    –    GO   –    –    –    –    –
interfaces:paper-session        GET  LOGIN –    –    CONFLICT – –   –    –    –
interfaces:paper-form           GET  LOGIN OK   –    OK   –    –    OK   OK   –
interfaces:paper-blank-form     GET  LOGIN OK   OK   OK   OK   OK   OK   OK   OK
interfaces:paper-figure         GET  LOGIN OK   OK   OK   OK   OK   OK   OK   OK
interfaces:paper-report         GET  LOGIN OK   OK   –    –    –    –    –    –
interfaces:check-ins            GET  LOGIN OK   OK   –    –    –    –    –    –
"""

#: How the routes about one room or tool end.
RESOURCE_PAGES = ("", "-off", "-retire", "-restore")
#: Pages of one signed session.
SESSION_PAGES = ("stones", "versions", "incident-new", "shared", "correction-new")
#: Pages of follow about one client, for the therapist who treats them.
CLIENT_PAGES = tuple(
    f"follow:client-{name}" for name in ("progress", "routine", "routine-edit", "home-plan")
)
#: Addresses of django-allauth: each is its own business, none shows anybody else's data.
ALLAUTH = {"account", "mfa"}


@dataclass(frozen=True, kw_only=True)
class Row:
    name: str
    method: str
    expected: tuple[str, ...]


def table() -> list[Row]:
    rows = []
    for line in TABLE.strip().splitlines():
        name, method, *expected = line.split()
        rows.append(Row(name=name, method=method, expected=tuple(expected)))
    return rows


def all_route_names(
    patterns: list[Any] | None = None, space: tuple[str, ...] = ()
) -> Iterator[str]:
    """The full name of every address of the project."""
    for one in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            inner = (*space, one.namespace) if one.namespace else space
            yield from all_route_names(one.url_patterns, inner)
        elif isinstance(one, URLPattern):
            yield ":".join([*space, one.name or str(one.pattern)])


def test_every_route_is_in_the_table() -> None:
    ours = {name for name in all_route_names() if name.split("_")[0] not in ALLAUTH}
    assert ours == {row.name for row in table()}


@dataclass(frozen=True, kw_only=True)
class World:
    cast: Cast
    known: dict[str, dict[str, Any]]


@pytest.fixture
def world(cast: Cast) -> World:
    """Ana has an appointment this morning and one on Monday, and reviewed one; Ben has a stop."""
    visit = an_appointment(cast)
    monday, link = visit.key, {"token": links.token(visit)}
    today = an_appointment(cast, start=at(10), now=NOW - timedelta(days=7)).key
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    a_completed_checkin(cast.ben, practice=cast.practice, red_flags=["rf_neuro_progressive"])
    stop = SafetyStop.objects.get()
    call_back = {"key": _call_back_key(stop)}
    closed = HoursOverride.objects.create(therapist=cast.tess, day=at(0, days=40).date())
    paper = {"key": a_credential(cast.tess, method="self", checked_on=None, checked_by=None).key}
    scan = {"key": a_document(cast.tess).key}
    paz, reason = cast.user("paz"), "does not pay"
    blocked = blocks.block(paz, cast.practice, client=cast.ben, reason=reason, now=NOW)
    feed = {"token": calendars.open_feed(cast.user("opal"), now=NOW)}
    source = calendars.add_source(cast.user("tess"), cast.tess, name="Family", now=NOW)
    heater, taken, towels, away = _what_is_taken(cast)
    series, place = _what_repeats_and_waits(cast)
    slots = {"slug": "tess", "service": cast.swedish.pk}
    appointment, session = {"key": monday}, attended(cast)
    phrase, template = _what_tess_writes_often(cast)
    review = {"key": published(session).key}
    kept = _what_a_session_keeps(cast, session)
    return World(
        cast=cast,
        known={
            "people:consent": {"purpose": "share_mind"},
            **_what_was_mailed(cast),
            "choose:technique": {"technique": "swedish"},
            "choose:therapist": {"slug": "tess"},
            **dict.fromkeys(("choose:credential-check", "practice:credential-check"), paper),
            **dict.fromkeys(("practice:credential", "practice:credential-remove"), paper),
            "practice:document-add": paper,
            **dict.fromkeys(("choose:document", "practice:document-remove"), scan),
            "book:slots": slots,
            "book:hold": slots,
            **dict.fromkeys(("book:held", "book:confirm", "book:release"), appointment),
            **dict.fromkeys(("book:appointment", "book:cancel", "book:move"), appointment),
            **dict.fromkeys(("book:link", "book:link-move", "book:link-cancel"), link),
            **dict.fromkeys(("prepare:prepare", "prepare:briefing"), appointment),
            **dict.fromkeys(("prepare:plan", "prepare:plan-drop"), appointment),
            "prepare:recheck": {"key": today},
            "prepare:touch": appointment,
            "prepare:questions": appointment,
            "prepare:touch-confirm": {"key": today},
            **{f"session:{name}": {"key": today} for name in ("record", "sign", "amend", "last")},
            "session:template-add": {"key": today},  # nothing is signed there
            **dict.fromkeys(("session:phrase-up", "session:phrase-remove"), phrase),
            **dict.fromkeys(("session:template", "session:template-remove"), template),
            **kept,
            **{page: {"key": cast.ana.key} for page in CLIENT_PAGES},
            "follow:home-day": {"item": "move_gently"},
            "follow:aim-told": {"key": today},
            "follow:door": {"key": today},
            "follow:after-care": {"key": session.key},
            "follow:after": {"key": session.key, "hours": 24},
            "follow:answers-after": {"key": today},
            "follow:review": {"key": session.key},
            "follow:review-take-back": {"key": session.key},
            **_what_was_compared(cast),
            **dict.fromkeys(("choose:review-report", "choose:moderation-decision"), review),
            "practice:review": review,
            "book:series-new": appointment,
            **dict.fromkeys(("book:series", "book:series-move", "book:series-cancel"), series),
            "book:waiting-join": slots,
            "book:waiting-leave": place,
            "book:questions": {"token": book_access.questions_token(monday)},
            **{
                f"practice:desk-{name}": appointment
                for name in ("visit", "accept", "decline", "send")
            },
            "practice:move": appointment,
            "practice:block-end": {"pk": blocked.pk},
            "practice:arrived": {"key": today},
            "practice:no-show": {"key": today},
            "practice:call-back": call_back,
            "practice:called": call_back,
            "practice:questionnaire": {"instrument": "who5"},
            "practice:questionnaire-stop": {"instrument": "who5"},
            "practice:service": {"pk": cast.swedish.pk},
            "practice:need-add": {"pk": cast.swedish.pk},
            "practice:need-remove": {"pk": taken},
            "practice:add-on": {"pk": towels},
            "practice:add-on-need-add": {"pk": towels},
            **{f"practice:resource{end}": {"pk": heater} for end in RESOURCE_PAGES},
            "practice:time-off-remove": {"pk": away},
            "practice:place": {"pk": cast.practice.location_set.get().pk},
            "practice:other-day-remove": {"pk": closed.pk},
            "interfaces:appointment-calendar": appointment,
            "interfaces:paper-session": {"key": today},
            "interfaces:paper-form": appointment,
            "interfaces:calendar-feed": feed,
            "interfaces:source-add": {"slug": "tess"},
            "interfaces:source-remove": {"slug": "tess", "key": source.key},
        },
    )


def _what_was_mailed(cast: Cast) -> dict[str, dict[str, Any]]:
    """A link that stops reminders, mails of each state, and an alert that Tess has heard of."""
    context = {"alert": None}
    mails = [
        outbox.queue("alert", cast.user("paz"), context, at=NOW, practice=cast.practice)
        for _state in MessageState
    ]
    for mail, state in zip(mails, MessageState, strict=True):
        assert mail is not None
        Message.objects.filter(pk=mail.pk).update(state=state)
    failed = Message.objects.get(state=MessageState.FAILED)
    arrived = Message.objects.get(state=MessageState.HANDED_OVER)
    tess, url = cast.user("tess"), reverse("practice:day")
    alerts.raise_alert("question", cast.practice, url=url, now=NOW, first=tess)
    token = Signer(salt=SALT).sign(f"{cast.user('ana').pk}.reminders")
    return {
        "people:stop-mail": {"token": token},
        "practice:alert-take": {"pk": Alert.objects.get(kind="question").pk},
        "practice:mail-again": {"pk": failed.pk},
        "practice:mail-bounced": {"pk": arrived.pk},
    }


def _what_was_compared(cast: Cast) -> dict[str, dict[str, Any]]:
    """A comparison of Ana with Tess that she has stopped."""
    key = {"key": a_stopped_trial(cast).key}
    pages = ("", "-accept", "-decline", "-stop")
    return {
        **{f"follow:trial{page}": key for page in pages},
        "follow:trial-report": key | {"kind": "json"},
        "follow:trial-new": {"slug": "tess"},
        "follow:client-trials": {"key": cast.ana.key},
        "follow:client-trial-new": {"key": cast.ana.key},
    }


def _what_repeats_and_waits(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """A series of Ana with Tess of which nothing is coming, and her place on the waiting list."""
    series = Series.objects.create(
        client=cast.ana,
        therapist=cast.tess,
        service=cast.swedish,
        rule="FREQ=WEEKLY;COUNT=2",
        first_start="2026-03-02T10:00",
        created_by=cast.user("ana"),
        created_at=NOW,
    )
    place = WaitingEntry.objects.create(
        client=cast.ana,
        service=cast.swedish,
        first_day=at(0).date(),
        last_day=at(0, days=7).date(),
        since=NOW,
    )
    return {"key": series.key}, {"key": place.key}


def _what_tess_writes_often(cast: Cast) -> tuple[dict[str, Any], dict[str, Any]]:
    """The numbers of a phrase and a template of Tess."""
    tess = cast.user("tess")
    phrase = Phrase.objects.create(owner=tess, section="plan", text="In ten days", place=1)
    template = Template.objects.create(owner=tess, name="Slow neck")
    return {"pk": phrase.pk}, {"pk": template.pk}


def _what_a_session_keeps(cast: Cast, session: Appointment) -> dict[str, dict[str, Any]]:
    """A signed record of a session with heated stones, and what hangs on it."""
    note = SessionNote.objects.create(
        appointment=session, author=cast.user("tess"), started_at=NOW, changed_at=NOW
    )
    Treatment.objects.create(
        note=note, region="cervical_l", technique="hot_stone", minutes=9, pressure=2
    )
    note.signed_at = NOW
    note.save(update_fields=["signed_at"])
    event = incidents.report(cast.user("tess"), session, told=a_report(cast), now=NOW)
    corrections.ask(cast.user("ana"), session, text="It was the right side", now=NOW)
    return {
        **{f"session:{name}": {"key": session.key} for name in SESSION_PAGES},
        "session:correction": {"key": CorrectionRequest.objects.get().key},
        **{f"session:{name}": {"key": event.key} for name in ("incident", "incident-close")},
    }


def _what_is_taken(cast: Cast) -> tuple[int, int, int, int]:
    """The numbers of a heater, the need of it, an add-on, and a time off of Tess."""
    heater = Resource.objects.create(kind="tool", practice=cast.practice, name="Heater")
    taken = Need.objects.create(service=cast.deep_tissue, kind="tool", feature="stone_heater")
    towels = AddOn.objects.create(practice=cast.practice, name="Warm towels")
    towels.services.add(cast.swedish)
    away = TimeOff.objects.create(
        resource=Resource.objects.get(user=cast.tess.user),
        during=DateTimeTZRange(at(9, days=50), at(12, days=50)),
        created_by=cast.user("tess"),
        created_at=NOW,
    )
    return heater.pk, taken.pk, towels.pk, away.pk


def _call_back_key(stop: SafetyStop) -> object:
    return stop.checkin.key


def test_each_person_gets_what_the_table_says(world: World, now: datetime) -> None:
    """One world for all rows: building it costs more than opening every address."""
    wrong = {}
    for row in table():
        address = reverse(row.name, kwargs=world.known.get(row.name, {}))
        for person, expected in zip(PEOPLE, row.expected, strict=True):
            got = _answer(world.cast, person, row.method, address)
            if got != expected:
                wrong[f"{row.name} for {person}"] = f"{got}, expected {expected}"
    assert wrong == {}


def _answer(cast: Cast, person: str, method: str, address: str) -> str:
    """Open the address as one person, and undo whatever it did."""
    browser = Browser(raise_request_exception=False)
    if person != "nobody":
        browser.force_login(cast.user(person))
    before = transaction.savepoint()
    answer = browser.generic(method, address)
    transaction.savepoint_rollback(before)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/"):
        return "LOGIN"
    return WORDS.get(answer.status_code, str(answer.status_code))


def test_the_docs_show_the_same_table() -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "routes.md"
    assert TABLE.strip() in page.read_text(encoding="utf-8")
