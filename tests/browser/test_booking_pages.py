"""The pages of booking: each by light and dark, some on paper, the deeds by keys alone."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.appointments import MONDAY_TEN, an_appointment
from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import MISPRINTED, PAPER, SETTLED
from tests.browser.test_keyboard_only import Keys
from tests.browser.visitor import Visitor, give_session
from tests.cast import NOW, TODAY, Cast, a_client, at
from tests.checkins import a_completed_checkin
from tests.journey.book.test_series_pages import a_series
from tests.journey.book.test_waiting_pages import address as waiting_address
from tests.journey.book.test_waiting_pages import join
from tests.practice.test_desk_page import newcomer, question
from unknot.journey.book import access, links
from unknot.journey.book.actions import blocks, calendars, needs, resources, time_off
from unknot.journey.book.actions.needs import AddOnDraft, NeedDraft
from unknot.journey.book.actions.resources import ThingDraft
from unknot.journey.book.actions.time_off import Away
from unknot.journey.book.models import Appointment, Series, Status, WaitingEntry

ENOUGH = 800  # letters of what is wrong with one page
ON_PAPER = {"calendar", "calendar-week", "link", "series", "visit"}
MONDAY = "2026-03-30"

#: A page to look at: whose, under which name, at which address.
type_of_stop = tuple[str, str, str]


def signed_in(cast: Cast, name: str) -> Browser:
    """A browser of the test itself, for what has to be there before."""
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def a_busy_practice(cast: Cast) -> list[type_of_stop]:
    """Fill the practice, and name every page that shows it."""
    ana, finn = signed_in(cast, "ana"), signed_in(cast, "finn")
    room, *_others = resources.add_things(
        cast.paz, cast.practice, draft=ThingDraft(kind="room", name="Garden room"), now=NOW
    )
    resources.add_things(
        cast.paz,
        cast.practice,
        draft=ThingDraft(kind="tool", name="Stone heater", features=frozenset({"stone_heater"})),
        quantity=2,
        now=NOW,
    )
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)
    extra = needs.add_add_on(
        cast.paz,
        cast.practice,
        draft=AddOnDraft(
            name="A warm start", minutes=15, price_minor=900, services=frozenset({cast.swedish.pk})
        ),
        now=NOW,
    )
    series = a_series(cast, ana)
    made = series.appointment_set.order_by("start")[0]
    an_appointment(cast, client=cast.ben, therapist=cast.theo, start=at(12, days=3))
    a_completed_checkin(cast.ben, practice=cast.practice, red_flags=["rf_cad"])
    cast.practice.first_visit_by_request = True
    cast.practice.save(update_fields=["first_visit_by_request"])
    an_appointment(cast, client=a_client("Eva", cast.practice), start=at(12, days=4))
    finn.post(question(cast), newcomer(start=at(14, days=3).isoformat()))
    provisional = Appointment.objects.get(client__name="Nora New")
    blocks.block(cast.paz, cast.practice, client=cast.ben, reason="Owes two visits", now=NOW)
    away = Away(first_day=TODAY, last_day=TODAY, starts_minute=900, ends_minute=1080)
    time_off.add(cast.tess.user, cast.tess, away=away, now=NOW)
    time_off.add(cast.paz, room, away=away, now=NOW)
    join(cast, ana)
    calendars.open_feed(cast.tess.user, now=NOW)
    calendars.add_source(
        cast.tess.user, cast.tess, name="Family", url="https://calendar.example/family", now=NOW
    )
    return [
        *_pages_of_staff(cast, room.pk, extra.pk, made, provisional),
        *_pages_of_clients(cast, made, series, provisional),
    ]


def _pages_of_staff(
    cast: Cast, room: int, extra: int, made: Appointment, provisional: Appointment
) -> list[type_of_stop]:
    calendar, week = reverse("practice:calendar"), reverse("practice:calendar-week")
    desk, known = reverse("practice:desk"), question(cast, client=str(cast.ana.key))
    return [
        ("paz", "calendar", f"{calendar}?day={MONDAY}"),
        ("paz", "calendar-empty", f"{calendar}?day=2026-03-29"),
        ("tess", "calendar-week", f"{week}?day={MONDAY}"),
        ("finn", "desk", f"{desk}?q=a"),
        ("finn", "desk-nobody", f"{desk}?q=zzzz"),
        ("finn", "desk-book", f"{known}&at=10:00"),
        ("finn", "desk-newcomer", question(cast)),
        ("finn", "desk-blocked", question(cast, client=str(cast.ben.key))),
        ("finn", "visit", reverse("practice:desk-visit", args=[made.key])),
        ("finn", "visit-provisional", reverse("practice:desk-visit", args=[provisional.key])),
        ("paz", "blocked", reverse("practice:blocked")),
        ("paz", "rooms", reverse("practice:resources")),
        ("paz", "room", reverse("practice:resource", args=[room])),
        ("paz", "add-ons", reverse("practice:add-ons")),
        ("paz", "add-on", reverse("practice:add-on", args=[extra])),
        ("paz", "service", reverse("practice:service", args=[cast.swedish.pk])),
        ("paz", "rules", reverse("practice:policies")),
        ("paz", "whose-time-off", reverse("practice:time-off") + "?therapist="),
        ("tess", "time-off", reverse("practice:time-off")),
        ("tess", "limits", reverse("practice:limits")),
        ("tess", "calendars", reverse("interfaces:calendars")),
    ]


def _pages_of_clients(
    cast: Cast, made: Appointment, series: Series, provisional: Appointment
) -> list[type_of_stop]:
    token, asked = links.token(made), access.questions_token(provisional.key)
    again, one = reverse("book:series-new", args=[made.key]), [series.key]
    return [
        ("ana", "search", reverse("book:search")),
        ("ana", "search-nobody", reverse("book:search") + "?weekday=6"),
        ("ana", "slots", reverse("book:slots", args=["tess", cast.swedish.pk]) + f"?week={MONDAY}"),
        ("ana", "move", reverse("book:move", args=[made.key])),
        ("ana", "series-new", f"{again}?every=1&count=4"),
        ("ana", "series", reverse("book:series", args=one)),
        ("ana", "series-move", reverse("book:series-move", args=one) + "?weekday=1&time=11:30"),
        ("ana", "series-cancel", reverse("book:series-cancel", args=one)),
        ("ana", "waiting", reverse("book:waiting")),
        ("ana", "waiting-join", waiting_address(cast)),
        ("ana", "calendars-client", reverse("interfaces:calendars")),
        ("", "link", reverse("book:link", args=[token])),
        ("", "link-move", reverse("book:link-move", args=[token]) + f"?week={MONDAY}"),
        ("", "questions", reverse("book:questions", args=[asked])),
    ]


def visited(page: Page, cast: Cast, server: LiveServer, stops: list[type_of_stop]) -> Iterator[str]:
    """Open each of them as the one whose it is."""
    sessions = {
        who: signed_in(cast, who).session.session_key for who, _name, _address in stops if who
    }
    for who, name, address in stops:
        page.context.clear_cookies()
        if who:
            give_session(page, server, sessions[who])
        Visitor(page).go(address)
        yield name


@pytest.mark.parametrize("width", [390, 1280])
def test_each_page_by_light_and_dark(
    open_page: Callable[..., Page],
    axe: Callable[..., None],
    people: Cast,
    live_server: LiveServer,
    width: int,
) -> None:
    stops, faults, seen = a_busy_practice(people), [], set()
    page = open_page(width=width, color_scheme="light")
    for name in visited(page, people, live_server, stops):
        seen.add(name)
        try:
            Visitor(page, axe).look(f"booking-{name}")
            page.emulate_media(color_scheme="dark")
            page.evaluate(SETTLED)
            axe(page, rules=COLOURS)
        except AssertionError as fault:
            faults.append(f"{name}: {str(fault)[:ENOUGH]}")
        page.emulate_media(color_scheme="light")
    assert faults == [], "\n".join(faults)
    assert len(seen) == len(stops)


def test_on_paper_nothing_is_cut_and_no_button_is_left(
    open_page: Callable[..., Page], people: Cast, live_server: LiveServer
) -> None:
    stops = [stop for stop in a_busy_practice(people) if stop[1] in ON_PAPER]
    page, faults = open_page(width=PAPER), []
    for name in visited(page, people, live_server, stops):
        page.emulate_media(media="print")
        faults += [f"{name}: {fault}" for fault in page.evaluate(MISPRINTED, PAPER)]
        page.emulate_media(media="screen")
    assert faults == [], "\n".join(faults)
    assert {name for _who, name, _address in stops} == ON_PAPER


# By keys alone, and without script ---------------------------------------------------------------


@pytest.fixture
def keys(open_page: Callable[..., Page], people: Cast) -> Keys:
    """Somebody without a mouse, whose browser runs no script."""
    return Keys(open_page(width=1280, java_script_enabled=False))


def test_the_desk_finds_a_client_and_books(
    keys: Keys, people: Cast, live_server: LiveServer
) -> None:
    give_session(keys.page, live_server, signed_in(people, "finn").session.session_key)
    keys.go(reverse("practice:desk"))
    keys.fill("q", "ana")
    keys.press("Find")
    keys.press("Book for Ana")
    keys.press("Show the day")
    first = keys.page.locator("[name=start]").first.get_attribute("value")
    keys.choose("start", first)
    keys.press("Book this time").at("Ana")
    assert Appointment.objects.get().start.isoformat() == first


def test_a_mails_link_moves_the_appointment(keys: Keys, people: Cast) -> None:
    made = an_appointment(people)
    keys.go(reverse("book:link", args=[links.token(made)]))
    keys.press("Move it")
    keys.press("Monday 30 March 11:15")
    made.refresh_from_db()
    assert made.start == at(11, 15, days=3)
    expect(keys.main).to_contain_text("11:15")


def test_the_waiting_list_is_joined_and_left(
    keys: Keys, people: Cast, live_server: LiveServer
) -> None:
    a_completed_checkin(people.ana, practice=people.practice)
    give_session(keys.page, live_server, signed_in(people, "ana").session.session_key)
    keys.go(reverse("book:slots", args=["tess", people.swedish.pk]))
    keys.press("Join the waiting list").at("Join the waiting list")
    keys.press("Join the waiting list").at("Waiting list")
    assert WaitingEntry.objects.filter(client=people.ana).count() == 1
    keys.press("Leave this list")
    expect(keys.main).to_contain_text("You wait for nothing")


def test_an_appointment_is_repeated(keys: Keys, people: Cast, live_server: LiveServer) -> None:
    made = an_appointment(people, start=MONDAY_TEN)
    give_session(keys.page, live_server, signed_in(people, "ana").session.session_key)
    keys.go(reverse("book:appointment", args=[made.key]))
    keys.press("Repeat it").at("Repeat this appointment")
    keys.press("Show the times")
    keys.press("Book these times").at("Series of appointments")
    booked = Series.objects.get().appointment_set.filter(status=Status.CONFIRMED)
    assert booked.count() == 6
