"""The desk's pages: find, book, explain, confirm; whose they are, and what they never show."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import blocks
from unknot.journey.book.models import AddOn, Appointment, Status
from unknot.people.models import Client, Message

pytestmark = pytest.mark.usefixtures("now")
DESK, BOOK = reverse("practice:desk"), reverse("practice:desk-book")


def browser_of(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def question(cast: Cast, **more: str) -> str:
    """The address of the booking page for Monday with Tess."""
    asked = {"offer": f"tess:{cast.swedish.pk}", "day": "2026-03-30", **more}
    return f"{BOOK}?{urlencode(asked)}"


def key_of(page: str) -> str:
    found = re.search(r'name="request_key" value="([0-9a-f-]{36})"', page)
    assert found is not None, page
    return found[1]


def newcomer(**more: str) -> dict[str, str]:
    return {"start": MONDAY_TEN.isoformat(), "name": "Nora New", "phone": "030 1234", **more}


@pytest.mark.parametrize("name", ["finn", "paz", "tess"])
def test_a_client_is_found_and_leads_to_booking(cast: Cast, name: str) -> None:
    page = browser_of(cast, name).get(f"{DESK}?q=anna").content.decode()
    assert f"{BOOK}?client={cast.ana.key}" in page
    assert str(cast.ben.key) not in page


def test_nobody_found_says_what_to_try(cast: Cast) -> None:
    page = browser_of(cast, "finn").get(f"{DESK}?q=zzzz").content.decode()
    assert "Nobody found" in page
    assert f"{BOOK}?q=zzzz" in page


def test_a_therapist_reaches_only_who_is_in_their_care(cast: Cast) -> None:
    theo = browser_of(cast, "theo")
    assert str(cast.ana.key) not in theo.get(f"{DESK}?q=ana").content.decode()
    assert theo.get(f"{BOOK}?client={cast.ana.key}").status_code == 404
    page = theo.get(BOOK).content.decode()
    assert f"theo:{cast.swedish.pk}" in page
    assert f"tess:{cast.swedish.pk}" not in page
    assert theo.get(question(cast)).status_code == 422
    assert theo.post(question(cast), newcomer()).status_code == 422


def test_the_day_shows_what_is_free(cast: Cast) -> None:
    an_appointment(cast)
    page = browser_of(cast, "finn").get(question(cast)).content.decode()
    assert "Free on Monday 30 March" in page
    free, _legend, eased = page.partition("Only with a written reason")
    nine, quarter = at(9, days=3).isoformat(), at(11, 15, days=3).isoformat()
    assert f'value="{nine}"' not in free  # its clean-up would touch ten
    assert f'value="{nine}"' in eased
    assert f'value="{quarter}"' in free
    assert f'value="{MONDAY_TEN.isoformat()}"' not in page


def test_why_a_time_is_not_offered_is_said_with_its_rule(cast: Cast) -> None:
    an_appointment(cast)
    page = browser_of(cast, "finn").get(question(cast, at="10:30")).content.decode()
    assert "Why 10:30 is not offered" in page
    assert "An appointment takes 10:00 to 11:10, buffers included." in page
    assert "This cannot be broken at the desk" in page
    assert "This time is taken. Please choose another one." in page
    page = browser_of(cast, "finn").get(question(cast, at="09:00")).content.decode()
    assert "if you write down why" in page
    page = browser_of(cast, "finn").get(question(cast, at="14:00")).content.decode()
    assert "14:00 is free" in page


@pytest.fixture
def stones(cast: Cast) -> AddOn:
    """Half an hour more, whose technique blood thinners leave out."""
    made = AddOn.objects.create(
        practice=cast.practice, name="Deep extra", minutes=30, price_minor=1500,
        technique="deep_tissue",
    )  # fmt: skip
    made.services.add(cast.swedish)
    return made


def test_what_is_added_is_booked_with_its_minutes_and_price(cast: Cast, stones: AddOn) -> None:
    finn = browser_of(cast, "finn")
    page = finn.get(question(cast)).content.decode()
    assert "Deep extra" in page
    assert "30 min more" in page
    assert finn.post(question(cast), newcomer(add=str(stones.pk))).status_code == 302
    made = Appointment.objects.get()
    assert list(made.add_ons.all()) == [stones]
    assert made.end == at(11, 30, days=3)
    assert made.price_minor == cast.swedish.price_minor + 1500


def test_the_times_follow_what_is_ticked_and_what_was_typed_stays(
    cast: Cast, stones: AddOn
) -> None:
    an_appointment(cast, start=at(11, 15, days=3))
    finn = browser_of(cast, "finn")
    ten, tick = f'value="{MONDAY_TEN.isoformat()}"', f'value="{stones.pk}" id="add-{stones.pk}"'
    assert ten in finn.get(question(cast)).content.decode()
    shown = finn.post(question(cast), newcomer(add=str(stones.pk), show="1", phone=""))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert ten not in page
    assert f"{tick} checked" in page
    assert 'value="Nora New"' in page
    assert "Write a number" not in page
    refused = finn.post(question(cast), newcomer(add=str(stones.pk)))
    assert refused.status_code == 409
    assert f"{tick} checked" in refused.content.decode()
    assert Appointment.objects.count() == 1


def test_what_the_answers_leave_out_is_not_added(cast: Cast, stones: AddOn) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    finn, asked = browser_of(cast, "finn"), question(cast, client=str(cast.ana.key))
    sent = {"start": MONDAY_TEN.isoformat()}
    assert finn.post(asked, sent | {"add": str(stones.pk)}).status_code == 409
    assert not Appointment.objects.exists()
    assert finn.post(asked, sent).status_code == 302


@pytest.mark.parametrize("is_active", [True, False])
def test_what_is_no_longer_offered_is_not_left_out_silently(
    cast: Cast, stones: AddOn, is_active: bool
) -> None:
    stones.active = is_active
    stones.save(update_fields=["active"])
    if is_active:
        stones.services.clear()
    finn = browser_of(cast, "finn")
    assert "Deep extra" not in finn.get(question(cast)).content.decode()
    answer = finn.post(question(cast), newcomer(add=str(stones.pk)))
    assert answer.status_code == 409
    assert "no longer offered" in answer.content.decode()
    assert not Appointment.objects.exists()


def gap(**other: str) -> dict[str, str]:
    """What a free gap of the calendar carries: Theo, Monday at two."""
    start = at(14, days=3).isoformat()
    return {"day": "2026-03-30", "therapist": "theo", "start": start, **other}


def hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{value}">'


def test_a_free_gap_of_the_calendar_is_kept_and_chosen(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    calendar = finn.get(f"{reverse('practice:calendar')}?day=2026-03-31").content.decode()
    found = re.search(rf'href="({DESK}\?[^"]*therapist=theo[^"]*)"', calendar)
    assert found is not None
    led = unescape(found[1])
    page = finn.get(led).content.decode()
    assert "For the free time on Tuesday 31 March, 09:00." in page
    page = finn.get(f"{DESK}?{urlencode({'q': 'ana', **gap()})}").content.decode()
    for name, value in gap().items():
        assert hidden(name, value) in page
    links = [unescape(one) for one in re.findall(rf'href="({BOOK}[^"]*)"', page)]
    assert f"{BOOK}?q=ana&{urlencode(gap())}" in links
    known = f"{BOOK}?client={cast.ana.key}&{urlencode(gap())}"
    assert known in links
    page = finn.get(known).content.decode()
    assert re.search(r'value="theo:\d+" selected', page)
    assert 'value="2026-03-30"' in page
    sent = dict(parse_qsl(urlsplit(led).query)) | {"offer": f"theo:{cast.swedish.pk}"}
    page = finn.get(question(cast, **sent)).content.decode()
    assert f'value="{at(9, days=4).isoformat()}" checked' in page
    assert page.count(" checked") == 1


def test_a_gap_that_is_not_offered_says_why_and_another_day_forgets_it(cast: Cast) -> None:
    finn, start = browser_of(cast, "finn"), at(14, 5, days=3).isoformat()
    page = finn.get(question(cast, start=start)).content.decode()
    assert "Why 14:05 is not offered" in page
    assert " checked" not in page
    page = finn.get(question(cast, day="2026-03-31", start=start)).content.decode()
    assert "14:05" not in page


def test_a_gap_that_cannot_be_read_or_is_elsewhere_is_left_out(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    uma = finn.get(f"{BOOK}?{urlencode(gap(therapist='uma'))}")
    assert uma.status_code == 200
    assert " selected" not in uma.content.decode()
    for wrong in ({"day": "soon"}, {"day": "9999-12-31"}, {"start": "2"}, {"therapist": "a b"}):
        (name,) = wrong
        page = finn.get(f"{DESK}?{urlencode(gap(**wrong))}")
        assert page.status_code == 200
        assert f'name="{name}"' not in page.content.decode()
        assert 'type="hidden" name=' in page.content.decode()
        assert finn.get(f"{BOOK}?{urlencode(gap(**wrong))}").status_code == 200


def test_an_unreadable_day_time_or_offer_is_mended(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    for more in ({"day": "soon"}, {"at": "25:00"}, {"offer": "uma:1"}, {"day": "9999-12-31"}):
        assert finn.get(question(cast, **more)).status_code == 422, more


def test_a_newcomer_is_booked_once_however_often_it_is_sent(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    page = finn.get(question(cast, q="Nora New")).content.decode()
    assert 'value="Nora New"' in page
    sent = newcomer(request_key=key_of(page))
    first, second = finn.post(question(cast), sent), finn.post(question(cast), sent)
    made = Appointment.objects.get()
    assert first["Location"] == second["Location"] == f"{DESK}{made.key}/"
    assert Client.objects.filter(name="Nora New").count() == 1
    page = finn.get(first["Location"]).content.decode()
    assert "Provisional until the safety questions are answered" in page
    assert "/before/" in page
    assert "no mail address" in page


def test_a_known_client_is_booked_and_confirmed(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    finn = browser_of(cast, "finn")
    answer = finn.post(question(cast, client=str(cast.ana.key)), {"start": MONDAY_TEN.isoformat()})
    made = Appointment.objects.get()
    assert (made.client, made.status, made.booked_by) == (cast.ana, Status.CONFIRMED, cast.finn)
    page = finn.get(answer["Location"]).content.decode()
    assert "confirmed" in page
    assert "/before/" not in page


def test_a_time_taken_meanwhile_says_why_and_keeps_what_was_typed(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    an_appointment(cast)
    answer = finn.post(question(cast), newcomer())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "An appointment takes 10:00 to 11:10" in page
    assert 'value="Nora New"' in page
    assert not Client.objects.filter(name="Nora New").exists()


def test_a_walk_in_needs_a_written_reason(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    today = question(cast, day="2026-03-27")
    page = finn.get(today).content.decode()
    assert "Only with a written reason" in page
    sent = newcomer(start=at(10).isoformat())
    assert finn.post(today, sent).status_code == 409
    assert finn.post(today, sent | {"reason": "is here"}).status_code == 302
    assert Appointment.objects.get().start == at(10)


@pytest.mark.parametrize(
    "sent",
    [
        newcomer(start="tomorrow"),
        newcomer(start=""),
        newcomer(name=""),
        newcomer(phone="none"),
        newcomer(request_key="1"),
    ],
)
def test_a_form_with_a_mistake_books_nothing(cast: Cast, sent: dict[str, str]) -> None:
    assert browser_of(cast, "finn").post(question(cast), sent).status_code == 422
    assert not Appointment.objects.exists()


def test_other_practices_and_forged_keys_are_not_there(cast: Cast) -> None:
    made = an_appointment(cast)
    uma = browser_of(cast, "uma")
    for name in ("desk-accept", "desk-decline", "desk-send"):
        assert uma.post(reverse(f"practice:{name}", args=[made.key])).status_code == 404
    assert uma.get(reverse("practice:desk-visit", args=[made.key])).status_code == 404
    assert uma.get(f"{BOOK}?client={cast.ana.key}").status_code == 404
    assert browser_of(cast, "finn").get(f"{BOOK}?client=1").status_code == 404


def test_requests_and_provisional_times_are_listed_counted_and_settled(cast: Cast) -> None:
    cast.practice.first_visit_by_request = True
    cast.practice.save(update_fields=["first_visit_by_request"])
    asked = an_appointment(cast)
    finn = browser_of(cast, "finn")
    finn.post(question(cast), newcomer(start=at(14, days=3).isoformat()))
    provisional = Appointment.objects.get(client__name="Nora New")
    day = finn.get(f"{reverse('practice:day')}?day=2026-03-30").content.decode()
    assert "1 time is asked for" in day
    assert "1 provisional appointment" in day
    assert "Provisional" in day
    assert "Is here" not in day
    page = finn.get(DESK).content.decode()
    assert reverse("practice:desk-visit", args=[asked.key]) in page
    assert reverse("practice:desk-visit", args=[provisional.key]) in page
    assert (
        "1 time is asked"
        not in browser_of(cast, "theo").get(reverse("practice:day")).content.decode()
    )
    accepted = finn.post(reverse("practice:desk-accept", args=[asked.key]))
    assert accepted["Location"] == reverse("practice:desk-visit", args=[asked.key])
    asked.refresh_from_db()
    assert asked.status == Status.CONFIRMED
    finn.post(reverse("practice:desk-decline", args=[provisional.key]))
    provisional.refresh_from_db()
    assert provisional.status == Status.DECLINED


def test_the_address_is_sent_to_a_client_with_an_account(cast: Cast) -> None:
    finn = browser_of(cast, "finn")
    finn.post(question(cast, client=str(cast.ben.key)), {"start": MONDAY_TEN.isoformat()})
    made = Appointment.objects.get()
    finn.post(reverse("practice:desk-send", args=[made.key]))
    assert Message.objects.filter(kind="appointment-questions").count() == 2
    for message in Message.objects.all():
        assert "screening" not in message.body.lower()
        assert "swedish" not in message.body.lower()


def test_who_is_on_the_block_list_is_shown_as_such(cast: Cast) -> None:
    blocks.block(cast.paz, cast.practice, client=cast.ana, reason="Owes us", now=at(8))
    asked = question(cast, client=str(cast.ana.key))
    finn = browser_of(cast, "finn")
    page = finn.get(asked).content.decode()
    assert "On the block list" in page
    assert "Owes us" not in page
    sent = {"start": MONDAY_TEN.isoformat()}
    assert finn.post(asked, sent).status_code == 409
    assert finn.post(asked, sent | {"reason": "paid now"}).status_code == 302


def test_no_page_of_the_desk_says_a_word_about_health(cast: Cast) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    finn = browser_of(cast, "finn")
    finn.post(question(cast, client=str(cast.ana.key)), {"start": MONDAY_TEN.isoformat()})
    made = Appointment.objects.get()
    visit = reverse("practice:desk-visit", args=[made.key])
    for address in (f"{DESK}?q=ana", question(cast, client=str(cast.ana.key)), visit):
        page = finn.get(address).content.decode()
        assert "Ana" in page
        assert "nticoagulant" not in page


def test_what_a_search_and_a_day_cost(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    finn = browser_of(cast, "finn")
    for _round in range(2):  # the second time with more to show
        with django_assert_num_queries(10):
            finn.get(f"{DESK}?q=a")
        with django_assert_num_queries(17):
            finn.get(question(cast, at="14:30"))
        Client.objects.create(practice=cast.practice, name="Ada", created_at=at(8))
