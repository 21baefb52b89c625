"""Rooms and tools: units of their own, out of use for a while or for good, never while needed."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, a_hold, an_appointment
from tests.cast import NOW, TODAY, Cast, at
from tests.practice.test_day_page import signed_in
from unknot.journey.book.actions import booking, needs, resources, time_off
from unknot.journey.book.actions.needs import NeedDraft
from unknot.journey.book.actions.resources import ThingDraft
from unknot.journey.book.actions.time_off import Away
from unknot.journey.book.models import Allocation, AvailDay, Resource, TimeOff
from unknot.journey.book.reads import decision, reconcile
from unknot.journey.book.reads.decision import Wanted
from unknot.people.models import AuditEntry, Location
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:resources")
PEOPLE = [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]
HEATER = ThingDraft(kind="tool", name="Stone heater", features=frozenset({"stone_heater"}))
ROOM = ThingDraft(kind="room", name="Garden room")


def page_of(thing: Resource, name: str = "resource") -> str:
    return reverse(f"practice:{name}", args=[thing.pk])


def a_room(cast: Cast, **changed: object) -> Resource:
    (room,) = resources.add_things(
        cast.paz, cast.practice, draft=ThingDraft(kind="room", name="Garden room"), now=NOW
    )
    return room


def takes_a_room(cast: Cast) -> None:
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)


def differences() -> list[reconcile.Difference]:
    return [one for _count, found in reconcile.days() for one in found]


def off(first: int = 3, last: int = 3, **changed: str) -> dict[str, str]:
    days = {"first_day": TODAY + timedelta(days=first), "last_day": TODAY + timedelta(days=last)}
    whole = {"off-starts": "", "off-ends": ""}
    for name, day in days.items():
        whole |= {f"off-{name}_day": str(day.day), f"off-{name}_month": str(day.month)}
        whole |= {f"off-{name}_year": str(day.year)}
    return whole | {f"off-{name}": value for name, value in changed.items()}


def test_two_heaters_are_two_units(client: Browser, cast: Cast) -> None:
    sent = {"kind": "tool", "name": "Stone heater", "quantity": "2", "features": ["stone_heater"]}
    browser = signed_in(client, cast, "paz")
    assert browser.post(PAGE, sent).headers["Location"] == PAGE
    units = Resource.objects.filter(practice=cast.practice).order_by("pk")
    assert [one.name for one in units] == ["Stone heater 1", "Stone heater 2"]
    assert AuditEntry.objects.filter(action="resource.added", actor=cast.paz).count() == 2
    page = browser.get(PAGE).content.decode()
    assert "Stone heater 1" in page
    assert "Stone heater 2" in page
    assert AvailDay.objects.filter(resource__in=units).count() == 2 * 62
    assert differences() == []


def test_more_of_the_same_are_numbered_on(cast: Cast) -> None:
    resources.add_things(cast.paz, cast.practice, draft=HEATER, quantity=2, now=NOW)
    more = resources.add_things(cast.paz, cast.practice, draft=HEATER, quantity=2, now=NOW)
    assert [one.name for one in more] == ["Stone heater 3", "Stone heater 4"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Write what it is called."),
        ({"kind": "person"}, "Choose a room or a tool."),
        ({"quantity": "0"}, "Write at least 1."),
        ({"quantity": "21"}, "Write at most 20."),
        ({"quantity": "two"}, "Write a whole number."),
        ({"features": ["massage_chair"]}, "Choose from the list what it has."),
        ({"features": ["double"]}, "A tool cannot be this: Room for two."),
        ({"kind": "room", "features": ["table_lift"]}, "A room cannot be this"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    whole = {"kind": "tool", "name": "Lift", "quantity": "1", "features": ["table_lift"]}
    answer = signed_in(client, cast, "paz").post(PAGE, whole | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Resource.objects.filter(practice=cast.practice).exists()


def test_a_name_is_given_once(client: Browser, cast: Cast) -> None:
    a_room(cast)
    browser = signed_in(client, cast, "paz")
    answer = browser.post(PAGE, {"kind": "room", "name": "Garden room", "quantity": "1"})
    assert answer.status_code == 409
    assert "choose another name" in answer.content.decode()


@pytest.mark.parametrize(
    "draft",
    [
        ThingDraft(kind="person", name="Tess"),
        ThingDraft(kind="room", name=" "),
        ThingDraft(kind="room", name="x" * 81),
        ThingDraft(kind="room", name="Room", features=frozenset({"stone_heater"})),
        ThingDraft(kind="room", name="Room", features=frozenset({"sauna"})),
        ThingDraft(kind="room", name="Room", location=0),
    ],
)
def test_the_action_refuses_what_a_form_would_have_refused(cast: Cast, draft: ThingDraft) -> None:
    with pytest.raises(BadInput):
        resources.add_things(cast.paz, cast.practice, draft=draft, now=NOW)
    with pytest.raises(BadInput):
        resources.add_things(cast.paz, cast.practice, draft=ROOM, quantity=0, now=NOW)
    assert not Resource.objects.filter(practice=cast.practice).exists()


def test_a_place_of_another_practice_is_refused(cast: Cast) -> None:
    theirs = Location.objects.get(practice=cast.other_practice)
    draft = ThingDraft(kind="room", name="Room", location=theirs.pk)
    with pytest.raises(BadInput):
        resources.add_things(cast.paz, cast.practice, draft=draft, now=NOW)


def test_a_room_is_renamed_and_gets_a_feature(client: Browser, cast: Cast) -> None:
    Location.objects.create(practice=cast.practice, name="Second place")
    room, browser = a_room(cast), signed_in(client, cast, "paz")
    where = cast.practice.location_set.order_by("pk")[0]
    sent = {"name": "Hall", "features": ["double", "heated"], "location": str(where.pk)}
    assert browser.post(page_of(room), sent).headers["Location"] == PAGE
    room.refresh_from_db()
    assert (room.name, room.features, room.location) == ("Hall", ["double", "heated"], where)
    assert AuditEntry.objects.get(action="resource.changed").actor == cast.paz
    answer = browser.post(page_of(room), {"name": "Hall", "features": ["stone_heater"]})
    assert answer.status_code == 422


def test_out_of_use_for_a_while_takes_its_time_and_lists_what_is_booked(
    client: Browser, cast: Cast
) -> None:
    room = a_room(cast)
    takes_a_room(cast)
    an_appointment(cast)
    browser = signed_in(client, cast, "paz")
    answer = browser.post(page_of(room, "resource-off"), off())
    assert answer.headers["Location"] == page_of(room)
    kept = TimeOff.objects.get(resource=room)
    assert (kept.during.lower, kept.during.upper) == (at(0, days=3), at(0, days=4))
    assert AuditEntry.objects.get(action="time-off.added").actor == cast.paz
    page = browser.get(page_of(room)).content.decode()
    assert "Booked inside" in page
    assert "Monday 30 March, 10:00–11:00, Ana" in page
    assert Allocation.objects.filter(resource=room).exists()
    assert differences() == []
    wanted = Wanted(therapist=cast.theo, service=cast.swedish)
    refused = decision.refusal(wanted, at(14, days=3), now=NOW)
    assert refused is not None
    assert refused.reason.name == "NO_ROOM"
    assert decision.refusal(wanted, at(14, days=4), now=NOW) is None
    browser.post(reverse("practice:time-off-remove", args=[kept.pk]))
    assert decision.refusal(wanted, at(14, days=3), now=NOW) is None
    assert differences() == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (off(4, 3), "The end must come after the start."),
        (off(-3, -2), "This time is over."),
        (off(3, 800), "Choose days of the next two years."),
        (off(starts="9:03"), "in steps of 5 minutes"),
        (off(starts="25:00"), "Write the time like 09:30"),
        (off(first_day_day="31", first_day_month="2"), "This day does not exist"),
    ],
)
def test_times_that_cannot_be_kept_get_a_sentence(
    client: Browser, cast: Cast, sent: dict[str, str], sentence: str
) -> None:
    room = a_room(cast)
    answer = signed_in(client, cast, "paz").post(page_of(room, "resource-off"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not TimeOff.objects.exists()


def test_pressing_twice_is_one_time_off_and_one_removal(cast: Cast) -> None:
    room = a_room(cast)
    away = Away(first_day=TODAY, last_day=TODAY)
    first = time_off.add(cast.paz, room, away=away, now=NOW)
    assert time_off.add(cast.paz, room, away=away, now=NOW) == first
    for _press in range(2):
        time_off.remove(cast.paz, room, first, now=NOW)
    assert AuditEntry.objects.filter(action="time-off.removed").count() == 1


def test_what_is_needed_cannot_leave_and_says_by_whom(client: Browser, cast: Cast) -> None:
    room = a_room(cast)
    takes_a_room(cast)
    booked = an_appointment(cast)
    browser = signed_in(client, cast, "paz")
    answer = browser.post(page_of(room, "resource-retire"))
    assert answer.status_code == 409
    assert "Monday 30 March, 10:00–11:00, Ana, Tess" in answer.content.decode()
    room.refresh_from_db()
    assert room.active
    browser.post(reverse("book:cancel", args=[booked.key]))
    assert browser.post(page_of(room, "resource-retire")).headers["Location"] == PAGE
    room.refresh_from_db()
    assert not room.active
    assert not AvailDay.objects.filter(resource=room).exists()
    assert "Out of use" in browser.get(PAGE).content.decode()


def test_a_hold_that_ran_out_needs_nothing(cast: Cast) -> None:
    room = a_room(cast)
    takes_a_room(cast)
    a_hold(cast)
    with pytest.raises(resources.StillNeeded):
        resources.retire(cast.paz, room, now=NOW)
    resources.retire(cast.paz, room, now=NOW + timedelta(hours=1))
    room.refresh_from_db()
    assert not room.active


def test_without_a_room_nothing_is_booked_until_it_is_back(client: Browser, cast: Cast) -> None:
    room = a_room(cast)
    takes_a_room(cast)
    resources.retire(cast.paz, room, now=NOW)
    wanted = Wanted(therapist=cast.tess, service=cast.swedish)
    refused = decision.refusal(wanted, MONDAY_TEN, now=NOW)
    assert refused is not None
    assert refused.reason.name == "NO_ROOM"
    signed_in(client, cast, "paz").post(page_of(room, "resource-restore"))
    assert an_appointment(cast).pk
    assert differences() == []


def test_two_units_serve_two_therapists_and_not_three(cast: Cast) -> None:
    resources.add_things(cast.paz, cast.practice, draft=HEATER, now=NOW)
    stones = NeedDraft(kind="tool", feature="stone_heater", before_minutes=30, after_minutes=15)
    needs.add_need(cast.paz, cast.swedish, draft=stones, now=NOW)
    an_appointment(cast)
    with pytest.raises(booking.NotOffered):
        an_appointment(cast, client=cast.ben, therapist=cast.theo)
    resources.add_things(cast.paz, cast.practice, draft=HEATER, quantity=2, now=NOW)
    second = an_appointment(cast, client=cast.ben, therapist=cast.theo)
    taken = Allocation.objects.get(appointment=second, resource__kind="tool")
    assert (taken.during.lower, taken.during.upper) == (at(9, 30, days=3), at(11, 15, days=3))


@pytest.mark.parametrize(("name", "status"), PEOPLE)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    room, browser = a_room(cast), signed_in(client, cast, name)
    assert [browser.get(page).status_code for page in (PAGE, page_of(room))] == [status] * 2
    assert browser.post(PAGE, {}).status_code == status
    for posted in ("resource-off", "resource-retire", "resource-restore"):
        assert browser.post(page_of(room, posted)).status_code == status
    room.refresh_from_db()
    assert room.active


def test_the_actions_ask_for_the_role_themselves(cast: Cast) -> None:
    room = a_room(cast)
    away = Away(first_day=TODAY, last_day=TODAY)
    kept = time_off.add(cast.paz, room, away=away, now=NOW)
    for actor, error in ((cast.finn, Denied), (cast.user("tess"), Denied), (cast.opal, Missing)):
        with pytest.raises(error):
            resources.add_things(actor, cast.practice, draft=ROOM, now=NOW)
        with pytest.raises(error):
            resources.change_thing(actor, room, draft=ROOM, now=NOW)
        with pytest.raises(error):
            resources.retire(actor, room, now=NOW)
        with pytest.raises(error):
            resources.restore(actor, room, now=NOW)
        with pytest.raises(error):
            time_off.add(actor, room, away=away, now=NOW)
        with pytest.raises(error):
            time_off.remove(actor, room, kept, now=NOW)


def test_a_room_of_another_practice_is_not_there(client: Browser, cast: Cast) -> None:
    theirs = Resource.objects.create(kind="room", practice=cast.other_practice, name="Theirs")
    browser = signed_in(client, cast, "paz")
    assert browser.get(page_of(theirs)).status_code == 404
    assert browser.get(reverse("practice:resource", args=[10**8])).status_code == 404


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    room, browser = a_room(cast), signed_in(client, cast, "paz")
    with django_assert_num_queries(9):
        browser.get(PAGE)
    with django_assert_num_queries(12):
        browser.get(page_of(room))
