"""Each red flag: its level, and from clinician-first on not one time to book on any route.

Every flag is answered on the pages and shuts the one gate that all routes ask. One flag of each
level goes all the ways to an appointment: Ana's own browser, another one in which she is signed in,
one in which she answered before she signed in, the staff's pages. A clinician's recorded word opens
the same ways again. The sweep at the end sends a form to every address there is, so that no route
is left out of this.

A stop belongs to one practice: another one asks on its own and decides on its own answers.
"""

import html
import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import transaction
from django.test import Client as Browser
from django.urls import get_resolver, reverse

from tests.access.test_route_table import ALLAUTH, all_route_names
from tests.appointments import a_recheck, an_appointment
from tests.cast import BERLIN, NOW, PASSWORD, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from tests.journey.understand import walk
from tests.records import as_sent
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.decide import decide
from unknot.journey.book import access as book_access
from unknot.journey.book import links
from unknot.journey.book.actions import calendars
from unknot.journey.book.models import Appointment, HoursOverride, Status
from unknot.journey.understand import reads as understand
from unknot.journey.understand.access import SESSION_KEY
from unknot.journey.understand.actions import stop as stops
from unknot.journey.understand.models import CheckIn, SafetyStop, ScreeningResult
from unknot.people.actions import agree
from unknot.people.mail import SALT
from unknot.people.models import AuditEntry, Message, Purpose

pytestmark = pytest.mark.usefixtures("now")

#: The level of each red flag, answered yes and not sure, while nothing else raises or lowers it.
#: Written out, so that a change of the table is noticed here.
LEVELS = """
rf_any_new           none            none
rf_ces_saddle        emergency_now   emergency_now
rf_ces_bladder       emergency_now   emergency_now
rf_ces_legs          emergency_now   emergency_now
rf_ces_sexual        emergency_now   emergency_now
rf_neuro_progressive same_day        same_day
rf_myelopathy        same_day        same_day
rf_cad               emergency_now   emergency_now
rf_stroke            emergency_now   emergency_now
rf_cardiac           emergency_now   emergency_now
rf_aortic            emergency_now   emergency_now
rf_dvt_pe            emergency_now   emergency_now
rf_major_trauma      emergency_now   emergency_now
rf_fragility         same_day        same_day
rf_infection         same_day        same_day
rf_meningitis        emergency_now   emergency_now
rf_cancer_history    same_day        same_day
rf_systemic          clinician_first none
rf_night             clinician_first none
rf_inflammatory      clinician_first none
rf_kidney            same_day        same_day
rf_pregnancy_warning emergency_now   emergency_now
rf_gca               same_day        same_day
rf_severe_leg        adapt           none
rf_severe_arm        adapt           none
rf_severe_pain       same_day        same_day
rf_abuse             none            none
"""
BLOCKING = ("clinician_first", "same_day", "emergency_now")
#: The short question before a session: it is no question of the check-in.
RECHECK = "rf_any_new"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One answer to one flag, what else was said, and the level that follows."""

    flag: str
    said: str
    level: str
    days: int | None = None  # since it began
    age: int = 38
    pregnant: str = "no"
    facts: Mapping[str, str] = field(default_factory=dict)
    history: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        more = [*self.facts, *self.history, *([f"{self.days}d"] if self.days is not None else [])]
        return "-".join([self.flag, self.said, *more])


#: What has to be true of somebody who is asked this question at all.
ASKED_OF: dict[str, dict[str, Any]] = {
    "rf_gca": {"age": 55},
    "rf_pregnancy_warning": {"pregnant": "yes"},
}
#: What raises or lowers a level.
CIRCUMSTANCES = (
    Case(flag="rf_severe_leg", said="yes", level="adapt", days=41),
    Case(flag="rf_severe_leg", said="yes", level="clinician_first", days=42),
    Case(flag="rf_severe_leg", said="unsure", level="none", days=42),
    Case(flag="rf_severe_arm", said="yes", level="adapt", days=41),
    Case(flag="rf_severe_arm", said="yes", level="clinician_first", days=42),
    Case(flag="rf_severe_arm", said="unsure", level="none", days=42),
    Case(flag="rf_major_trauma", said="yes", level="emergency_now", days=14),
    Case(flag="rf_major_trauma", said="yes", level="same_day", days=15),
    Case(flag="rf_major_trauma", said="unsure", level="same_day", days=42),
    Case(flag="rf_major_trauma", said="yes", level="emergency_now", days=43),
    *(
        Case(flag="rf_infection", said="yes", level="emergency_now", history={name: "yes"})
        for name in (
            "immune_low",
            "immunosuppressant",
            "corticosteroid_long",
            "surgery_recent",
            "skin_infection",
            "diabetes",
        )
    ),
    Case(flag="rf_infection", said="yes", level="emergency_now", facts={"iv_drug_use": "unsure"}),
    Case(
        flag="rf_gca", said="unsure", level="emergency_now", age=55, facts={"vision_change": "yes"}
    ),
)


def plain_cases() -> Iterator[Case]:
    for line in LEVELS.strip().splitlines():
        flag, *levels = line.split()
        for said, level in zip(("yes", "unsure"), levels, strict=True):
            yield Case(flag=flag, said=said, level=level, **ASKED_OF.get(flag, {}))


PLAIN = tuple(plain_cases())
CASES = (*PLAIN, *CIRCUMSTANCES)
ON_THE_PAGE = tuple(case for case in CASES if case.flag != RECHECK)
STOPPED = tuple(case for case in ON_THE_PAGE if case.level in BLOCKING)
NOT_STOPPED = tuple(case for case in ON_THE_PAGE if case.level not in BLOCKING)
#: One for each level that stops.
ONE_OF_EACH = tuple(
    next(case for case in STOPPED if case.level == level and case.flag == flag)
    for level, flag in zip(BLOCKING, ("rf_night", "rf_cancer_history", "rf_cad"), strict=True)
)


# The level -------------------------------------------------------------------------------------


def test_every_red_flag_of_the_table_is_written_down_here() -> None:
    ours = [line.split()[0] for line in LEVELS.strip().splitlines()]
    assert ours == [flag.id for flag in screening.load().red_flags]
    assert len(ours) == 27


@pytest.mark.parametrize("case", PLAIN, ids=str)
def test_an_answer_alone_has_this_level_and_blocks_from_clinician_first_on(case: Case) -> None:
    answers = Answers(red_flags={case.flag: case.said})  # type: ignore[dict-item]
    decision = decide(screening.load(), answers, age=38, regions=(), onset_weeks=None)
    assert decision.urgency.id == case.level
    assert decision.blocked is (case.level in BLOCKING)
    assert not decide(
        screening.load(), Answers(red_flags={case.flag: "no"}), age=38, regions=(), onset_weeks=None
    ).blocked


@pytest.mark.parametrize("said", ["yes", "unsure"])
def test_the_short_question_before_a_session_opens_no_stop(cast: Cast, said: str) -> None:
    """Its yes asks everything again; only what is answered then can stop."""
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, red_flags={RECHECK: said})
    assert understand.decision_of(checkin).full_screen
    assert not SafetyStop.objects.exists()
    understand.check_may_book(checkin, "swedish", now=NOW)


# The people and their browsers -----------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class World:
    """Ana before the flag: two appointments, and a third time that her browser holds."""

    cast: Cast
    browser: Browser
    today: Appointment
    monday: Appointment
    held: Appointment


def signed_in(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def visitor(checkin: CheckIn) -> Browser:
    """Somebody signed out whose browser has this check-in."""
    browser = Browser()
    session = browser.session
    session[SESSION_KEY] = str(checkin.key)
    session.save()
    browser.cookies["sessionid"] = session.session_key
    return browser


def hold(browser: Browser, cast: Cast, start: datetime) -> int:
    """Send the form of a time as the page does, whether or not the page showed it; the status."""
    address = reverse("book:hold", args=["tess", cast.swedish.pk])
    return browser.post(address, {"start": start.isoformat()}).status_code


def confirm(browser: Browser, held: Appointment) -> int:
    said = {"name": "Ana", "phone": "", "note": ""}
    return browser.post(reverse("book:confirm", args=[held.key]), said).status_code


def hold_anew(browser: Browser, cast: Cast, start: datetime) -> Appointment:
    assert hold(browser, cast, start) == 302
    return Appointment.objects.get(status=Status.HELD, start=start)


@pytest.fixture
def world(cast: Cast) -> World:
    return a_world(cast)


def a_world(cast: Cast) -> World:
    browser, week = signed_in(cast, "ana"), NOW - timedelta(days=7)
    today = an_appointment(cast, start=at(10), now=week)
    monday = an_appointment(cast, start=at(10, days=3), now=week)
    a_recheck(cast, today)
    held = hold_anew(browser, cast, at(14, days=4))
    return World(cast=cast, browser=browser, today=today, monday=monday, held=held)


def answer(browser: Browser, case: Case, *, practice: str = "lindenweg", **more: str) -> CheckIn:
    """Answer the check-in of the pages; a flag that stops ends it there."""
    walk.begin(browser, practice=practice)
    browser.post("/check-in/body/", {"nowhere": "on"})
    if case.days is not None:
        began = TODAY - timedelta(days=case.days)
        onset = {f"onset_on_{part}": str(getattr(began, part)) for part in ("day", "month", "year")}
        browser.post("/check-in/story/", onset)
    walk.about(browser, age=case.age, pregnant=case.pregnant)
    if case.history:
        browser.post("/check-in/history/", walk.REST | dict(case.history))
    below = {fact.id: "no" for fact in screening.load().facts if fact.after == case.flag}
    said = walk.flags(browser) | {case.flag: case.said} | below | dict(case.facts) | more
    done = browser.post("/check-in/safety/", said)
    assert done.status_code == 302, done.content.decode()
    checkin = walk.the_checkin(browser)
    if done["Location"] != "/check-in/result/":
        assert done["Location"] == "/check-in/history/"
        finish(browser)
    return checkin


def finish(browser: Browser) -> None:
    """What is left of the check-in after the red flags."""
    assert browser.post("/check-in/history/", walk.REST).status_code == 302
    done = browser.post("/check-in/wishes/", walk.WISHES)
    assert done["Location"] == "/check-in/result/"


def clear(cast: Cast) -> None:
    """Record what a clinician said about every answer of the stop."""
    for stop in SafetyStop.objects.filter(ended_at__isnull=True):
        stops.record_clearance(
            cast.paz,
            stop,
            clinician="Dr Weber",
            said_on=TODAY,
            statement="Examined today; massage may go ahead.",
            covers=stop.flags,
            now=NOW,
        )


def all_appointments() -> dict[int, tuple[str, datetime]]:
    found = Appointment.objects.values_list("pk", "status", "start")
    return {pk: (status, start) for pk, status, start in found}


# Every way to an appointment -------------------------------------------------------------------

#: What a page holds that leads to a time: the link to who offers a technique, the link to a week,
#: the form of a time, a time itself.
WAYS = ('href="/therapists/?technique=', 'href="/book/', '/hold/"', 'class="slot')


def looks(cast: Cast) -> dict[str, str]:
    """The pages on which somebody chooses, and the week of times."""
    return {
        name: reverse(name, kwargs=known)
        for name, known in {
            "choose:techniques": {},
            "choose:technique": {"technique": "swedish"},
            "choose:therapists": {},
            "choose:therapist": {"slug": "tess"},
            "book:slots": {"slug": "tess", "service": cast.swedish.pk},
        }.items()
    }


def shown_ways(browser: Browser, cast: Cast) -> list[str]:
    """The pages that show a way to a time; one that sends on to the stop page shows none."""
    found = []
    for name, address in looks(cast).items():
        page = browser.get(address)
        assert page.status_code in (200, 302), name
        if page.status_code == 302:
            assert page["Location"] == "/check-in/result/", name
        if any(way in page.content.decode() for way in WAYS):
            found.append(name)
    return found


def assert_closed(browser: Browser, world: World) -> None:
    """No page shows a time, no hand-made form gets one, and what was held cannot be booked."""
    before = all_appointments()
    assert shown_ways(browser, world.cast) == []
    assert hold(browser, world.cast, at(11, days=5)) == 409
    assert confirm(browser, world.held) == 409
    assert all_appointments() == before


def assert_gate_is_shut(cast: Cast, stopped: CheckIn) -> None:
    """The functions that every route asks refuse each check-in of this client, for the stop."""
    found = list(CheckIn.objects.filter(client=cast.ana))
    assert stopped in found
    for checkin in found:
        with pytest.raises(understand.ScreeningStop):
            understand.check_screened(checkin, now=NOW)
        with pytest.raises(understand.ScreeningStop):
            understand.check_may_book(checkin, "swedish", now=NOW)


def assert_staff_wait(world: World) -> None:
    """The staff see that it waits, and nothing of the session goes on."""
    key, before = world.today.key, all_appointments()
    tess, finn, paz = (signed_in(world.cast, name) for name in ("tess", "finn", "paz"))
    for browser in (tess, finn, paz):
        day = browser.get(reverse("practice:day")).content.decode()
        assert "Do not treat" in day or "On hold" in day
        for name in ("practice:arrived", "practice:no-show"):
            refused = browser.post(reverse(name, args=[key]))
            assert refused.status_code == 409
            assert "on hold" in refused.content.decode()
    for name in ("session:record", "session:sign"):
        refused = tess.post(reverse(name, args=[key]), as_sent(confirm="yes"))
        assert refused.status_code == 409
    assert all_appointments() == before


def assert_known_to_wait(world: World) -> None:
    """Ana sees of each appointment that it is on hold."""
    page = world.browser.get(reverse("book:appointments")).content.decode()
    assert page.count("tag stop") == 2
    for one in (world.today, world.monday):
        page = world.browser.get(reverse("book:appointment", args=[one.key])).content.decode()
        assert "This appointment is on hold" in page


# Every flag --------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", STOPPED, ids=str)
def test_an_answer_that_stops_shuts_the_gate_until_a_clinician_has_spoken(
    cast: Cast, case: Case
) -> None:
    older = a_completed_checkin(cast.ana, practice=cast.practice)
    understand.check_may_book(older, "swedish", now=NOW)
    browser = signed_in(cast, "ana")
    checkin = answer(browser, case)
    stop = SafetyStop.objects.get()
    assert (stop.urgency, stop.flags, stop.client) == (case.level, [case.flag], cast.ana)
    assert_gate_is_shut(cast, checkin)
    for one in (browser, signed_in(cast, "ana")):
        assert hold(one, cast, at(11, days=5)) == 409
    assert not Appointment.objects.exists()

    clear(cast)
    with pytest.raises(understand.SomethingNew):  # what was said before is older than the stop
        understand.check_may_book(older, "swedish", now=NOW)
    finish(browser)
    understand.check_may_book(older, "swedish", now=NOW)
    assert hold(signed_in(cast, "ana"), cast, at(11, days=5)) == 302


@pytest.mark.parametrize("case", NOT_STOPPED, ids=str)
def test_an_answer_below_never_blocks(cast: Cast, case: Case) -> None:
    browser = signed_in(cast, "ana")
    checkin = answer(browser, case)
    assert not SafetyStop.objects.exists()
    assert ScreeningResult.objects.get(checkin=checkin).urgency == case.level
    assert confirm(browser, hold_anew(browser, cast, at(11, days=5))) == 302
    assert Appointment.objects.get().status == Status.CONFIRMED


# One flag of each level, every way ---------------------------------------------------------------


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_a_stop_closes_every_way_and_a_clinicians_word_opens_them_again(
    world: World, case: Case
) -> None:
    cast, browser = world.cast, world.browser
    assert set(shown_ways(browser, cast)) == set(looks(cast))
    checkin = answer(browser, case)
    assert_gate_is_shut(cast, checkin)
    for one in (browser, signed_in(cast, "ana")):
        assert_closed(one, world)
    assert_known_to_wait(world)
    assert_staff_wait(world)

    clear(cast)
    finish(browser)
    assert set(shown_ways(browser, cast)) == set(looks(cast))
    assert confirm(browser, world.held) == 302
    assert hold(browser, cast, at(11, days=5)) == 302
    finn, tess = signed_in(cast, "finn"), signed_in(cast, "tess")
    assert finn.post(reverse("practice:arrived", args=[world.today.key])).status_code == 302
    record = reverse("session:record", args=[world.today.key])
    assert tess.post(record, as_sent()).status_code == 302


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_a_stopped_client_answers_nothing_new_and_lets_go_of_nothing(
    cast: Cast, case: Case
) -> None:
    browser = signed_in(cast, "ana")
    checkin = answer(browser, case)
    begin = {"practice": "lindenweg", "adult": "yes", "agree": "on"}
    again = signed_in(cast, "ana").post("/check-in/", begin)
    assert again["Location"] == "/check-in/result/"
    assert browser.post("/check-in/restart/")["Location"] == "/check-in/result/"
    denied = walk.flags(browser)
    assert browser.post("/check-in/safety/", denied)["Location"] == "/check-in/result/"
    assert list(CheckIn.objects.all()) == [checkin]
    assert checkin.safety_answers.get(question=case.flag).said == case.said
    assert hold(browser, cast, at(11, days=5)) == 409


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_answers_given_before_signing_in_are_no_way_around_a_stop(cast: Cast, case: Case) -> None:
    """Somebody else's browser may book with the same answers; Ana's stop follows her account."""
    answer(signed_in(cast, "ana"), case)
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    held = hold_anew(browser, cast, at(11, days=5))
    assert "book:slots" in shown_ways(browser, cast)
    login = {"login": "ana@example.org", "password": PASSWORD}
    assert browser.post(reverse("account_login"), login).status_code == 302
    assert confirm(browser, held) == 409
    held.refresh_from_db()
    assert held.status == Status.HELD
    assert shown_ways(browser, cast) == []
    assert hold(browser, cast, at(12, days=5)) == 409
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("case", ONE_OF_EACH, ids=str)
def test_somebody_without_an_account_is_stopped_with_what_the_browser_held(
    cast: Cast, case: Case
) -> None:
    """A time held with earlier answers, then a flag in the same browser, then the account."""
    browser = visitor(a_completed_checkin(None, practice=cast.practice))
    held = hold_anew(browser, cast, at(11, days=5))
    session = browser.session
    del session[SESSION_KEY]
    session.save()
    answer(browser, case)
    assert shown_ways(browser, cast) == []
    assert hold(browser, cast, at(12, days=5)) == 409
    login = {"login": "ben@example.org", "password": PASSWORD}
    browser.post(reverse("account_login"), login)
    assert confirm(browser, held) in (404, 409)
    assert shown_ways(browser, cast) == []
    assert hold(browser, cast, at(12, days=5)) == 409
    assert not Appointment.objects.filter(booked_at__isnull=False).exists()


def test_a_stop_belongs_to_its_practice_and_the_other_one_asks_on_its_own(cast: Cast) -> None:
    """The stopped check-in opens nothing there; new answers there count for themselves."""
    answer(signed_in(cast, "ana"), ONE_OF_EACH[0])
    service = cast.uma.services.get()
    there = reverse("book:hold", args=["uma", service.pk])
    sent = {"start": at(11, days=5).isoformat()}

    stopped = signed_in(cast, "ana")
    session = stopped.session
    session[SESSION_KEY] = str(SafetyStop.objects.get().checkin.key)
    session.save()
    assert stopped.post(there, sent).status_code == 409
    fresh = signed_in(cast, "ana")
    assert fresh.post(there, sent).status_code == 409

    answer(fresh, NOT_STOPPED[0], practice="hafenstrasse")
    assert fresh.post(there, sent).status_code == 302
    assert hold(fresh, cast, at(11, days=5)) == 409
    again = signed_in(cast, "ana")
    answer(again, ONE_OF_EACH[2], practice="hafenstrasse")
    assert again.post(there, sent).status_code == 409


# No route is left out --------------------------------------------------------------------------


def arguments(world: World) -> dict[str, list[Any]]:
    """What may stand in an address, by the name it has there; a new name fails the sweep.

    Where one route takes something of its own, its name stands before.
    """
    return {
        "key": [
            world.today.key,
            world.monday.key,
            world.held.key,
            world.cast.ana.key,
            *CheckIn.objects.filter(stop__isnull=False).values_list("key", flat=True),
        ],
        "slug": ["tess"],
        "service": [world.cast.swedish.pk],
        "technique": ["swedish"],
        "hours": [24, 72],
        "token": [links.token(world.monday), book_access.questions_token(world.monday.key)],
        "people:stop-mail token": [Signer(salt=SALT).sign(f"{world.cast.user('ana').pk}.weekly")],
        "interfaces:calendar-feed token": [calendars.open_feed(world.cast.user("tess"), now=NOW)],
        "purpose": ["share_mind"],
        "kind": ["json"],
        "item": ["move_gently"],
        "instrument": ["phq4", "odi"],
        "pk": [world.cast.swedish.pk, *HoursOverride.objects.values_list("pk", flat=True)],
    }


def every_address(world: World) -> Iterator[tuple[str, str]]:
    """Each address of the project with everything that may stand in it."""
    known = arguments(world)
    for name in dict.fromkeys(all_route_names()):
        if name.split("_")[0] in ALLAUTH:
            continue
        lookup = get_resolver()
        for space in name.split(":")[:-1]:
            lookup = lookup.namespace_dict[space][1]
        [(_path, names)] = lookup.reverse_dict.getlist(name.split(":")[-1])[0][0]
        yield from (
            (name, reverse(name, kwargs=dict(zip(names, given, strict=True))))
            for given in product(*(known.get(f"{name} {one}", known[one]) for one in names))
        )


def everything(world: World) -> dict[str, str]:
    """A form with every field that any page on the way to an appointment reads."""
    return as_sent(
        start=at(11, days=5).isoformat(),
        name="Ana",
        phone="",
        note="",
        said="no",
        confirm="yes",
        then="",
        **repeated(world.monday),
    )


def repeated(visit: Appointment) -> dict[str, str]:
    """What the page of a series sends to repeat an appointment a week later."""
    wall = visit.start.astimezone(BERLIN) + timedelta(days=7)
    fields = {"every": "1", "count": "2", "key": "6c2c3dd4-3a5c-4c5f-9b64-0a4bb4b6f0c5"}
    return {**fields, f"at-{wall:%Y-%m-%dT%H:%M}": wall.isoformat()}


#: What a form may move while no stop stands, and by whom.
MOVES = {
    "ana": {"book:hold", "book:confirm", "book:move", "book:link-move", "book:series-new"},
    "tess": {
        "practice:arrived",
        "practice:move",
        "session:sign",
        "book:move",
        "book:link-move",
        "book:series-new",
    },
    "paz": {"practice:arrived", "practice:move", "book:move", "book:link-move", "book:series-new"},
}


def moved_by(world: World, person: str, *, only: Collection[str] = ()) -> set[str]:
    """The routes on which a form makes an appointment or brings one further; each is undone."""
    browser = world.browser if person == "ana" else signed_in(world.cast, person)
    sent, before, gone = everything(world), all_appointments(), (Status.CANCELLED, Status.EXPIRED)
    found, shut = set(), set()
    for name, address in every_address(world):
        if name in shut or (only and name not in only):
            continue
        point = transaction.savepoint()
        if browser.post(address, sent).status_code == 405:
            shut.add(name)
        after = all_appointments()
        transaction.savepoint_rollback(point)
        if any(after[pk] != before.get(pk) and after[pk][0] not in gone for pk in after):
            found.add(name)
    return found


def test_no_form_to_any_address_books_or_brings_a_session_further_while_a_stop_stands(
    world: World,
) -> None:
    """The control comes first: without the flag the same forms do."""
    for person, moves in MOVES.items():
        assert moved_by(world, person, only=moves) == moves
    answer(world.browser, ONE_OF_EACH[2])
    for person in MOVES:
        assert moved_by(world, person) == set(), person


def test_no_page_of_a_stopped_client_shows_a_way_to_a_time(world: World) -> None:
    """The control is `shown_ways` before the flag; the gallery of drawn examples is left out."""
    assert set(shown_ways(world.browser, world.cast)) == set(looks(world.cast))
    answer(world.browser, ONE_OF_EACH[2])
    for name, address in every_address(world):
        if name not in ("web:components", "health"):
            page = world.browser.get(address).content.decode(errors="replace")  # some are PDF
            assert [way for way in WAYS if way in page] == [], name


# Safety at home --------------------------------------------------------------------------------

#: What could give the question about safety at home away, in any spelling of the page.
PRIVATE = (
    "rf_abuse",
    "hurt you",
    "unsafe at home",
    "safeguarding",
    "at home",
    "Something only for",
)
#: Words of the other flag that was answered, which the manager does read.
KNOWN = "ever had cancer"


def staff_pages(world: World, *people: str) -> Iterator[tuple[str, str, str]]:
    """Every page that opens for these people; the check-in they would see is their own."""
    for person in people:
        browser = signed_in(world.cast, person)
        for name, address in every_address(world):
            if name == "health" or name.startswith(("web:", "understand:", "choose:")):
                continue
            page = browser.get(address)
            if page.status_code == 200:
                yield person, name, html.unescape(page.content.decode(errors="replace"))


def test_the_answer_about_safety_at_home_reaches_no_staff_page_no_mail_and_no_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """Ana shares all there is; the other answer she gave beside it is the control."""
    caplog.set_level(logging.INFO)
    world = a_world(cast)
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    flag = Case(flag="rf_abuse", said="yes", level="none")
    answer(world.browser, flag, rf_cancer_history="yes")
    own = html.unescape(world.browser.get("/check-in/result/").content.decode())
    assert "Something only for you" in own
    assert SafetyStop.objects.get().flags == ["rf_cancer_history"]

    readers = set()
    for person, name, page in staff_pages(world, "tess", "finn", "paz"):
        assert [word for word in PRIVATE if word in page] == [], (person, name)
        if KNOWN in page:
            readers.add((person, name))
    assert {("paz", "practice:call-back"), ("tess", "practice:call-back")} <= readers
    clear(cast)
    finish(world.browser)
    for person, name, page in staff_pages(world, "tess", "paz"):
        assert [word for word in PRIVATE if word in page] == [], (person, name)

    entries = AuditEntry.objects.values_list("action", "subject", "reason")
    mails = Message.objects.values_list("kind", "subject", "body")
    assert entries
    assert mails
    written = [*(" ".join(row) for row in (*entries, *mails)), *caplog.messages]
    assert any("Conflict" in line or "/practice/" in line for line in caplog.messages)
    assert [(word, line) for line in written for word in PRIVATE if word in line] == []
