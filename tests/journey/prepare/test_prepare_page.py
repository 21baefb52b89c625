"""The client's page before an appointment."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import an_appointment
from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from unknot.journey.book.actions import arrange
from unknot.journey.book.models import Appointment, Status
from unknot.journey.prepare.models import Preparation
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import Purpose

NOON = at(12)
TAGS = "<b>knot</b> & 'quote'"


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return an_appointment(cast, start=NOON)


@pytest.fixture
def ana(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def page(visit: Appointment) -> str:
    return reverse("prepare:prepare", args=[visit.key])


def sent(**answers: object) -> dict[str, object]:
    usual = {"pressure": "", "warmth": "", "scent": "", "music": "", "talk": "", "to_tell": ""}
    return {**usual, **answers}


def test_it_says_when_where_and_what_to_wear(ana: Browser, visit: Appointment) -> None:
    text = ana.get(page(visit)).content.decode()
    assert "Friday 27 March, 12:00" in text
    assert "Come at 11:50, 10 minutes early" in text
    assert "Lindenweg 4" in text
    assert "Undress to comfort, draped with sheet or towel" in text
    assert "Oil is used on the skin." in text
    assert reverse("interfaces:appointment-calendar", args=[visit.key]) in text


def test_water_is_as_usual_and_nothing_is_washed_out(ana: Browser, visit: Appointment) -> None:
    text = ana.get(page(visit)).content.decode().lower()
    assert "drink if you are thirsty." in text
    assert "toxin" not in text
    assert "detox" not in text


def test_it_names_the_answers_that_matter_for_this_technique(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    assert "Nothing in your check-in asks for a change" in ana.get(page(visit)).content.decode()
    a_completed_checkin(cast.ana, practice=cast.practice, conditions=["bp_controlled"])
    text = ana.get(page(visit)).content.decode()
    assert "Slow rise at the end; sit 2 minutes." in text
    assert "Nothing in your check-in asks for a change" not in text


def test_wishes_are_saved_and_shown_again(ana: Browser, visit: Appointment) -> None:
    answers = sent(
        focus=["cervical_l", "low_back"],
        leave_out=["head"],
        pressure="2",
        warmth="warmer",
        scent="no",
        music="yes",
        talk="quiet",
        to_tell=TAGS,
    )
    done = ana.post(page(visit), answers, follow=True)
    assert done.redirect_chain == [(page(visit), 302)]
    assert "Saved. Your therapist sees it" in done.content.decode()
    saved = Preparation.objects.get()
    assert (saved.focus, saved.leave_out) == (["cervical_l", "low_back"], ["head"])
    assert (saved.pressure, saved.warmth, saved.talk) == (2, "warmer", "quiet")
    assert (saved.scent, saved.music) == (False, True)
    text = done.content.decode()
    assert "&lt;b&gt;knot&lt;/b&gt; &amp; &#x27;quote&#x27;" in text
    assert TAGS not in text


def test_saving_twice_keeps_one_row_with_the_newer_wishes(ana: Browser, visit: Appointment) -> None:
    for pressure in ("2", "4"):
        ana.post(page(visit), sent(pressure=pressure))
    assert Preparation.objects.get().pressure == 4


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"focus": ["nose"]}, "nose"),
        ({"pressure": "6"}, "6"),
        ({"to_tell": "x" * 1001}, "1000"),
        ({"focus": ["neck"], "leave_out": ["neck"]}, "Keep it in one of the lists"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    ana: Browser, visit: Appointment, answers: dict[str, object], sentence: str
) -> None:
    answer = ana.post(page(visit), sent(**answers))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Preparation.objects.exists()


def test_the_longest_text_is_taken(ana: Browser, visit: Appointment) -> None:
    assert ana.post(page(visit), sent(to_tell="x" * 1000)).status_code == 302


def test_after_arrival_wishes_are_closed_and_nothing_typed_is_lost(
    ana: Browser, visit: Appointment
) -> None:
    Appointment.objects.filter(pk=visit.pk).update(status=Status.ARRIVED)
    assert "<textarea" not in ana.get(page(visit)).content.decode()
    answer = ana.post(page(visit), sent(to_tell="my left knee"))
    assert answer.status_code == 409
    assert "my left knee" in answer.content.decode()
    assert not Preparation.objects.exists()


def test_an_appointment_on_hold_says_so_first(ana: Browser, cast: Cast, visit: Appointment) -> None:
    usual = ana.get(page(visit)).content.decode()
    assert "on hold" not in usual
    assert "Come at 11:50" in usual
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    text = ana.get(page(visit)).content.decode()
    assert text.index("Your appointment is on hold") < text.index("<h1>")
    assert "Come at 11:50" not in text
    assert "Nothing in your check-in asks for a change" not in text


def test_a_cancelled_appointment_has_nothing_to_prepare(
    ana: Browser, cast: Cast, visit: Appointment, now: object
) -> None:
    arrange.cancel(cast.user("ana"), visit, now=at(9))
    assert ana.get(page(visit)).status_code == 409


def test_it_says_what_the_therapist_sees(ana: Browser, cast: Cast, visit: Appointment) -> None:
    text = ana.get(page(visit)).content.decode()
    assert [row.split("</span>")[0] for row in text.split("<li><span>")[1:]] == [
        "Safety answers: warning signs, conditions, medicines",
        "Where it hurts, the story of the pain, pain scores",
        "Mood, worry, stress and sleep scores",
        "Your wishes",
    ]
    assert f'href="{reverse("people:account")}">Change what is shared' in text
    assert text.count("not shared") == 1  # mind scores
    for count, purpose in enumerate((Purpose.SHARE_SAFETY, Purpose.SHARE_BODY), start=2):
        withdraw_consent(cast.user("ana"), cast.ana, purpose, now=at(9))
        assert ana.get(page(visit)).content.decode().count("not shared") == count
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_MIND, now=at(9))
    assert ana.get(page(visit)).content.decode().count("not shared") == 2


def test_without_the_agreement_that_answers_are_used_nothing_is_shared(
    ana: Browser, cast: Cast, visit: Appointment
) -> None:
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.CARE, now=at(9))
    assert ana.get(page(visit)).content.decode().count("not shared") == 3


@pytest.mark.parametrize("who", ["ben", "tess", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    client.force_login(cast.user(who))
    assert client.get(page(visit)).status_code == 404
    assert client.post(page(visit), sent()).status_code == 404


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    answer = client.get(page(visit))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_other_methods_are_refused(ana: Browser, visit: Appointment) -> None:
    assert ana.put(page(visit)).status_code == 405


def test_an_unknown_key_is_not_found(ana: Browser, visit: Appointment) -> None:
    unknown = page(visit).replace(str(visit.key)[:8], "00000000")
    assert ana.get(unknown).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_marks(
    ana: Browser, cast: Cast, visit: Appointment, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(20):  # type: ignore[operator]
        ana.get(page(visit))
    many = dict.fromkeys(["cervical_l", "cervical_r", "upper_trap_l", "lumbar_l", "calf_l"], 5)
    a_completed_checkin(cast.ana, practice=cast.practice, marks=many)
    with django_assert_num_queries(20):  # type: ignore[operator]
        ana.get(page(visit))


def test_it_counts_down_to_the_session_until_it_begins(ana: Browser, visit: Appointment) -> None:
    text = ana.get(page(visit)).content.decode()
    assert f'data-until="{2 * 3600 + 3600}"' in text
    for part, number in (("days", 0), ("hours", 3), ("minutes", 0)):
        assert f'data-part="{part}">{number}<' in text
    start = at(8)
    Appointment.objects.filter(pk=visit.pk).update(start=start, end=at(9, 30))
    assert "data-until" not in ana.get(page(visit)).content.decode()


def test_it_says_what_to_bring_and_how_to_say_what_hurts(ana: Browser, visit: Appointment) -> None:
    text = ana.get(page(visit)).content.decode()
    assert "The names of the medicines you take." in text
    assert "a number from 0 to 10 says how much it hurts" in text
    assert "You may stop at any time" in text
