"""What a service takes besides its therapist, add-ons, and sessions for two."""

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN
from tests.cast import NOW, Cast
from tests.practice.test_day_page import signed_in
from tests.practice.test_resources_page import a_room
from unknot.journey.book.actions import needs
from unknot.journey.book.actions.needs import AddOnDraft, NeedDraft
from unknot.journey.book.models import AddOn, Need
from unknot.journey.book.reads import decision
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.actions import offering
from unknot.journey.choose.models import Service
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
ADD_ONS = reverse("practice:add-ons")
OFFER = reverse("practice:offer")


def page_of(cast: Cast) -> str:
    return reverse("practice:service", args=[cast.swedish.pk])


def add_to(cast: Cast) -> str:
    return reverse("practice:need-add", args=[cast.swedish.pk])


def need(**changed: str) -> dict[str, str]:
    whole = {"pool": "tool:stone_heater", "quantity": "1", "before_minutes": "30"}
    return {
        f"need-{name}": value for name, value in (whole | {"after_minutes": "15"} | changed).items()
    }


def extra(cast: Cast, **changed: object) -> dict[str, object]:
    whole = {"name": "Hot stones", "technique": "", "minutes": "15", "price": "20"}
    return whole | {"services": [str(cast.swedish.pk)]} | changed


def for_two(cast: Cast, **changed: object) -> dict[str, object]:
    both = [str(cast.tess.pk), str(cast.theo.pk)]
    whole = {"technique": "swedish", "minutes": "60", "setup_minutes": "0", "price": "140"}
    return whole | {"cleanup_minutes": "10", "for_two": "on", "therapists": both} | changed


def test_a_service_takes_a_tool_with_its_own_minutes(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert browser.post(add_to(cast), need()).headers["Location"] == page_of(cast)
    kept = Need.objects.get()
    assert (kept.kind, kept.feature, kept.quantity) == ("tool", "stone_heater", 1)
    assert (kept.before_minutes, kept.after_minutes) == (30, 15)
    assert AuditEntry.objects.get(action="need.added").actor == cast.paz
    page = browser.get(page_of(cast)).content.decode()
    assert "30 minutes before, 15 minutes after" in page
    assert "You have 0: nobody can book this" in page
    browser.post(add_to(cast), need(quantity="2"))
    assert Need.objects.get().quantity == 2
    browser.post(reverse("practice:need-remove", args=[kept.pk]))
    assert not Need.objects.exists()
    assert AuditEntry.objects.get(action="need.removed").actor == cast.paz


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pool": "tool:double"}, "Choose a room or a tool from the list."),
        ({"pool": "tool"}, "Choose a room or a tool from the list."),
        ({"pool": "partner"}, "Choose a room or a tool from the list."),
        ({"quantity": "0"}, "Write at least 1."),
        ({"quantity": "10"}, "Write at most 9."),
        ({"before_minutes": "7"}, "in steps of 5"),
        ({"after_minutes": "185"}, "Write at most 180 minutes."),
        ({"pool": "room", "quantity": "2"}, "A session takes place in one room."),
    ],
)
def test_a_need_that_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(add_to(cast), need(**changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Need.objects.exists()


def test_one_room_is_enough(cast: Cast) -> None:
    needs.add_need(cast.paz, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)
    heated = NeedDraft(kind="room", feature="heated")
    with pytest.raises(BadInput):
        needs.add_need(cast.paz, cast.swedish, draft=heated, now=NOW)


def test_an_add_on_is_offered_with_its_own_tool(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    sent = extra(cast, technique="hot_stone")
    assert browser.post(ADD_ONS, sent).headers["Location"] == ADD_ONS
    kept = AddOn.objects.get()
    assert (kept.name, kept.technique, kept.minutes) == ("Hot stones", "hot_stone", 15)
    assert (kept.price_minor, list(kept.services.all())) == (2000, [cast.swedish])
    assert AuditEntry.objects.get(action="add-on.added").actor == cast.paz
    page = reverse("practice:add-on", args=[kept.pk])
    answer = browser.post(reverse("practice:add-on-need-add", args=[kept.pk]), need())
    assert answer.headers["Location"] == page
    assert Need.objects.get().add_on == kept
    assert "Stone heater" in browser.get(page).content.decode()
    plain = Wanted(therapist=cast.tess, service=cast.swedish)
    assert decision.refusal(plain, MONDAY_TEN, now=NOW) is None
    added = Wanted(therapist=cast.tess, service=cast.swedish, add_ons=(kept,))
    refused = decision.refusal(added, MONDAY_TEN, now=NOW)
    assert refused is not None
    assert refused.reason.name == "NO_TOOL"
    change = {"price": "25", "services": [str(cast.deep_tissue.pk)]}
    assert browser.post(page, change).headers["Location"] == ADD_ONS
    kept.refresh_from_db()
    assert (kept.price_minor, kept.active) == (2500, False)
    assert list(kept.services.all()) == [cast.deep_tissue]
    assert "Cannot be booked at the moment" in browser.get(ADD_ONS).content.decode()
    assert (
        browser.post(reverse("practice:need-remove", args=[Need.objects.get().pk])).headers[
            "Location"
        ]
        == page
    )


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": " "}, "Write what it is called."),
        ({"technique": "voodoo"}, "Choose a technique from the list."),
        ({"minutes": "12"}, "in steps of 5"),
        ({"minutes": "65"}, "Write at most 60 minutes."),
        ({"price": "-1"}, "A price cannot be below zero."),
        ({"services": []}, "Choose to which services it can be added."),
        ({"services": ["0"]}, "Choose services of this practice."),
    ],
)
def test_an_add_on_that_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    answer = signed_in(client, cast, "paz").post(ADD_ONS, extra(cast, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AddOn.objects.exists()


def test_an_add_on_is_there_once(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    statuses = [browser.post(ADD_ONS, extra(cast)).status_code for _press in range(2)]
    assert statuses == [302, 409]


def test_a_session_for_two_has_its_room(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    assert browser.post(OFFER, for_two(cast)).headers["Location"] == OFFER
    service = Service.objects.get(for_two=True)
    kept = Need.objects.get(service=service)
    assert (kept.kind, kept.feature) == ("room", "double")
    assert "60 minutes, for two" in browser.get(OFFER).content.decode()
    browser.post(reverse("practice:need-remove", args=[kept.pk]))
    assert Need.objects.filter(pk=kept.pk).exists()
    with pytest.raises(BadInput):
        needs.add_need(cast.paz, service, draft=NeedDraft(kind="room"), now=NOW)
    wanted = Wanted(therapist=cast.tess, service=service)
    refused = decision.refusal(wanted, MONDAY_TEN, now=NOW)
    assert refused is not None
    assert refused.reason.name in {"NO_ROOM", "NO_PARTNER"}
    room = a_room(cast)
    room.features = ["double"]
    room.save(update_fields=["features"])
    assert decision.refusal(wanted, MONDAY_TEN, now=NOW) is None


def test_a_session_for_two_needs_two_therapists(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    answer = browser.post(OFFER, for_two(cast, therapists=[str(cast.tess.pk)]))
    assert answer.status_code == 422
    assert "needs two therapists" in answer.content.decode()
    assert not Service.objects.filter(for_two=True).exists()
    browser.post(OFFER, for_two(cast))
    page = reverse("practice:service", args=[Service.objects.get(for_two=True).pk])
    change = {"price": "140", "therapists": [str(cast.tess.pk)], "active": "on"}
    assert browser.post(page, change).status_code == 422


def test_minutes_are_in_steps_of_five(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "paz")
    for changed in ({"minutes": "47"}, {"setup_minutes": "3"}, {"cleanup_minutes": "12"}):
        answer = browser.post(OFFER, for_two(cast, **changed))
        assert answer.status_code == 422
        assert "in steps of 5" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("tess", 403), ("finn", 403), ("uma", 403), ("ana", 404), ("opal", 404)]
)
def test_nobody_else_opens_it(client: Browser, cast: Cast, name: str, status: int) -> None:
    kept = AddOn.objects.create(practice=cast.practice, name="Warm towels")
    taken = Need.objects.create(service=cast.swedish, kind="room")
    browser = signed_in(client, cast, name)
    pages = [ADD_ONS, reverse("practice:add-on", args=[kept.pk])]
    assert [browser.get(page).status_code for page in pages] == [status] * 2
    posts = [
        *pages,
        add_to(cast),
        reverse("practice:add-on-need-add", args=[kept.pk]),
        reverse("practice:need-remove", args=[taken.pk]),
    ]
    assert [browser.post(page).status_code for page in posts] == [status] * 5
    assert Need.objects.count() == 1


def test_the_actions_ask_for_the_role_themselves(cast: Cast) -> None:
    kept = AddOn.objects.create(practice=cast.practice, name="Warm towels")
    taken = Need.objects.create(service=cast.swedish, kind="room")
    services = frozenset({cast.swedish.pk})
    draft = AddOnDraft(name="Stones", services=services)
    for actor, error in ((cast.finn, Denied), (cast.user("tess"), Denied), (cast.opal, Missing)):
        with pytest.raises(error):
            needs.add_need(actor, cast.swedish, draft=NeedDraft(kind="room"), now=NOW)
        with pytest.raises(error):
            needs.remove_need(actor, cast.swedish, taken, now=NOW)
        with pytest.raises(error):
            needs.add_add_on(actor, cast.practice, draft=draft, now=NOW)
        with pytest.raises(error):
            needs.change_add_on(actor, kept, price_minor=1, services=services, active=True, now=NOW)


def test_the_action_for_two_is_for_two(cast: Cast) -> None:
    both = frozenset({cast.tess.pk, cast.theo.pk})
    one = offering.ServiceDraft(technique="swedish", minutes=60, price_minor=1, therapists=both)
    with pytest.raises(BadInput):
        needs.add_service_for_two(cast.paz, cast.practice, draft=one, now=NOW)


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    kept = AddOn.objects.create(practice=cast.practice, name="Warm towels")
    kept.services.add(cast.swedish)
    browser = signed_in(client, cast, "paz")
    with django_assert_num_queries(12):
        browser.get(ADD_ONS)
    with django_assert_num_queries(16):
        browser.get(reverse("practice:add-on", args=[kept.pk]))


def test_add_ons_of_another_practice_are_not_there(client: Browser, cast: Cast) -> None:
    theirs = AddOn.objects.create(practice=cast.other_practice, name="Theirs")
    taken = Need.objects.create(add_on=theirs, kind="room")
    browser = signed_in(client, cast, "paz")
    assert browser.get(reverse("practice:add-on", args=[theirs.pk])).status_code == 404
    assert browser.post(reverse("practice:need-remove", args=[taken.pk])).status_code == 404
