"""/check-in/result/: stop, go on with care, or go on; and the call-back."""

import pytest
from django.test import Client as Browser

from tests.cast import NOW, TODAY, Cast
from tests.checkins import a_completed_checkin
from tests.journey.understand.walk import begin, walk
from unknot.journey.understand import reads, stops
from unknot.journey.understand.actions import stop as stopping
from unknot.journey.understand.models import CallBack, CheckIn

pytestmark = pytest.mark.usefixtures("now")
URL = "/check-in/result/"


def the_page(browser: Browser, checkin: CheckIn) -> str:
    """The result page of a browser that holds `checkin`."""
    session = browser.session
    session["checkin"] = str(checkin.key)
    session.save()
    page = browser.get(URL)
    assert page.status_code == 200
    return page.content.decode()


def test_an_emergency_shows_one_action_first(cast: Cast, client: Browser) -> None:
    walk(client, rf_cad="yes")
    page = client.get(URL).content.decode()
    assert "Stop. Get medical help now." in page
    assert 'href="tel:112"' in page
    first = page.index("Call 112")
    for later in ("Say these words", "Why we stopped", "The practice can call you", "mistake"):
        assert first < page.index(later)
    assert "sudden, severe or completely new kind of neck pain" in page


@pytest.mark.parametrize("flag", ["rf_cad", "rf_infection", "rf_night"])
def test_from_no_stop_leads_a_way_to_booking(cast: Cast, client: Browser, flag: str) -> None:
    page = the_page(client, a_completed_checkin(None, practice=cast.practice, red_flags=[flag]))
    main = page[page.index("<main") : page.index("</main>")]
    assert "/techniques/" not in main
    assert "/book/" not in main
    assert "This is not a diagnosis" in main


def test_without_a_stop_the_same_page_leads_to_the_techniques(cast: Cast, client: Browser) -> None:
    walk(client)
    page = client.get(URL).content.decode()
    assert "You can book" in page
    assert 'href="/techniques/"' in page[page.index("<main") :]
    assert "Call 112" not in page


def test_care_says_what_changes_for_which_technique_and_where(cast: Cast, client: Browser) -> None:
    checkin = a_completed_checkin(
        None,
        practice=cast.practice,
        medicines=["anticoagulant"],
        conditions=["skin_condition"],
        where={"skin_condition": ["upper_back"]},
    )
    page = the_page(client, checkin)
    assert "You can book, with care" in page
    assert "Anticoagulants" in page
    assert "Upper back" in page
    assert "<b>Deep tissue massage</b>" in page or "<b>Deep tissue" in page
    assert "For everyone, always" in page


def test_a_private_answer_changes_the_massage_and_the_reason_stays_private(
    cast: Cast, client: Browser
) -> None:
    checkin = a_completed_checkin(None, practice=cast.practice, conditions=["trauma_history"])
    assert "told what to change, not why" in the_page(client, checkin)
    decision = reads.decision_of(checkin)
    assert "trauma_history" not in {row.because for row in decision.for_staff()}


def test_leaving_a_name_and_number_puts_them_on_the_practices_list(
    cast: Cast, client: Browser
) -> None:
    walk(client, rf_cad="yes")
    answer = client.post(
        "/check-in/call-me/", {"name": "Cleo", "phone": "030 123 45 67"}, follow=True
    )
    assert "The practice has your number" in answer.content.decode()
    assert stops.call_backs(cast.practice)[0].phone == "030 123 45 67"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "", "phone": "030 1234567"}, "Write the name we should ask for."),
        ({"name": "Cleo", "phone": ""}, "Write the number we should call."),
        ({"name": "Cleo", "phone": "12"}, "at least 5 digits"),
    ],
)
def test_a_number_that_cannot_be_called_gets_its_sentence(
    cast: Cast, client: Browser, typed: dict[str, str], sentence: str
) -> None:
    walk(client, rf_cad="yes")
    page = client.post("/check-in/call-me/", typed)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert CallBack.objects.get().phone == ""


def test_a_call_back_needs_a_stop_and_a_post(cast: Cast, client: Browser) -> None:
    walk(client)
    assert client.get("/check-in/call-me/").status_code == 405
    assert client.post("/check-in/call-me/", {"name": "C", "phone": "12345"}).status_code == 404
    assert not CallBack.objects.exists()


def test_a_draft_has_no_result_yet(cast: Cast, client: Browser) -> None:
    begin(client)
    assert client.get(URL)["Location"] == "/check-in/body/"


def test_who_is_hurt_at_home_sees_a_card_and_is_not_stopped(cast: Cast, client: Browser) -> None:
    page = the_page(
        client, a_completed_checkin(None, practice=cast.practice, red_flags=["rf_abuse"])
    )
    assert "Only you see this" in page
    assert page.index("Something only for you") < page.index("If somebody hurts you")  # folded
    assert "You can book" in page


def test_a_recorded_clearance_opens_the_way_again(cast: Cast, client: Browser) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_night"])
    stop = stops.open_stop_of(checkin)
    assert stop is not None
    assert "See a doctor first" in the_page(client, checkin)
    stopping.record_clearance(
        cast.user("paz"),
        stop,
        clinician="Dr Weber",
        said_on=TODAY,
        statement="Fine.",
        covers=["rf_night"],
        now=NOW,
    )
    page = the_page(client, checkin)
    assert "clearance is recorded" in page
    assert 'href="/techniques/"' in page[page.index("<main") :]


def test_another_client_sees_nothing_of_it(cast: Cast, client: Browser) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad"])
    client.force_login(cast.user("ben"))
    assert client.get(URL)["Location"] == "/check-in/"


def test_the_result_is_never_stored_by_the_browser(cast: Cast, client: Browser) -> None:
    walk(client)
    assert client.get(URL)["Cache-Control"] == "no-store"
