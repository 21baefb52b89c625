"""Call-backs: who is called, who reads why, and the word that ends a stop."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.checkins import a_completed_checkin
from tests.practice.test_day_page import signed_in
from unknot.domain.screening import catalogue as screening
from unknot.journey.understand import reads
from unknot.journey.understand.models import CallBack, CheckIn, Clearance, SafetyStop
from unknot.people.models import AuditEntry

pytestmark = pytest.mark.usefixtures("now")
LIST = reverse("practice:call-backs")
WORD = {
    "clinician": "Dr Weber, family doctor",
    "said_on_day": "27",
    "said_on_month": "3",
    "said_on_year": "2026",
    "statement": "Seen today, massage is fine.",
    "covers": ["rf_cad"],
}


@pytest.fixture
def stopped(cast: Cast) -> CheckIn:
    """Ana answered one red flag with yes, and another that staff never see."""
    return a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_cad", "rf_abuse"])


def question(flag: str) -> str:
    return screening.load().red_flag(flag).question[:40]


def page_of(checkin: CheckIn, route: str = "call-back") -> str:
    return reverse(f"practice:{route}", args=[checkin.key])


@pytest.mark.parametrize("name", ["tess", "theo", "finn", "paz"])
def test_everybody_of_the_practice_sees_whom_to_call_and_never_why(
    client: Browser, cast: Cast, stopped: CheckIn, name: str
) -> None:
    page = signed_in(client, cast, name).get(LIST).content.decode()
    assert "Ana" in page
    assert question("rf_cad") not in page


@pytest.mark.parametrize("name", ["tess", "paz"])
def test_who_may_clear_reads_the_answers_and_it_is_written_down(
    client: Browser, cast: Cast, stopped: CheckIn, name: str
) -> None:
    page = signed_in(client, cast, name).get(page_of(stopped)).content.decode()
    assert question("rf_cad") in page
    assert question("rf_abuse") not in page
    row = AuditEntry.objects.get(action="call-back.read")
    assert (row.actor, row.client) == (cast.user(name), cast.ana)


@pytest.mark.parametrize("name", ["finn", "theo"])
def test_desk_and_colleague_read_no_answer_and_record_nothing(
    client: Browser, cast: Cast, stopped: CheckIn, name: str
) -> None:
    page = signed_in(client, cast, name).get(page_of(stopped)).content.decode()
    assert "Ana" in page
    assert question("rf_cad") not in page
    assert client.post(page_of(stopped), WORD).status_code == 403
    assert not Clearance.objects.exists()


@pytest.mark.parametrize("name", ["uma", "ana", "opal"])
def test_nobody_else_finds_it(client: Browser, cast: Cast, stopped: CheckIn, name: str) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(page_of(stopped)).status_code == 404
    assert browser.post(page_of(stopped), WORD).status_code == 404
    assert browser.post(page_of(stopped, "called")).status_code == 404
    assert CallBack.objects.get().done_at is None


def test_a_call_is_noted_and_the_stop_stays_on_the_list(
    client: Browser, cast: Cast, stopped: CheckIn
) -> None:
    browser = signed_in(client, cast, "finn")
    browser.post(page_of(stopped, "called"))
    call = CallBack.objects.get()
    assert (call.done_by, SafetyStop.objects.get().ended_at) == (cast.finn, None)
    page = browser.get(LIST).content.decode()
    assert "Called, waiting for a clinician" in page
    assert "Ana" in page


@pytest.mark.parametrize("name", ["tess", "paz"])
def test_a_clinicians_word_ends_the_stop(
    client: Browser, cast: Cast, stopped: CheckIn, name: str
) -> None:
    browser = signed_in(client, cast, name)
    answer = browser.post(page_of(stopped), WORD)
    assert answer["Location"] == LIST
    word = Clearance.objects.get()
    assert (word.clinician, word.covers, word.recorded_by) == (
        "Dr Weber, family doctor",
        ["rf_cad"],
        cast.user(name),
    )
    assert SafetyStop.objects.get().ended_at is not None
    assert "Nobody waits for a call" in browser.get(LIST).content.decode()
    assert "This stop has ended" in browser.get(page_of(stopped)).content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"clinician": ""}, "Write which clinician said so."),
        ({"statement": " "}, "Write what the clinician said."),
        ({"covers": []}, "Tick what the clinician spoke about."),
        ({"covers": ["rf_stroke"]}, "Select a valid choice"),
        ({"said_on_year": "2031"}, "lies in the future"),
        ({"said_on_day": "26"}, "must have spoken after the stop began"),
        ({"said_on_day": "31", "said_on_month": "2"}, "This day does not exist"),
        ({"statement": "x" * 2001}, "at most 2000"),
    ],
)
def test_a_word_that_cannot_be_kept_gets_a_sentence_and_loses_nothing(
    client: Browser, cast: Cast, stopped: CheckIn, change: dict[str, object], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(page_of(stopped), WORD | change)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    kept = "Dr Weber" if "statement" in change else "massage is fine"
    assert kept in page
    assert not Clearance.objects.exists()
    assert SafetyStop.objects.get().ended_at is None


def test_a_word_about_one_of_two_answers_leaves_the_stop(client: Browser, cast: Cast) -> None:
    stopped = a_completed_checkin(
        cast.ana, practice=cast.practice, red_flags=["rf_cad", "rf_stroke"]
    )
    answer = signed_in(client, cast, "tess").post(page_of(stopped), WORD)
    assert answer.status_code == 422
    assert "The stop stays" in answer.content.decode()
    assert SafetyStop.objects.get().ended_at is None


def test_a_second_press_finds_the_stop_ended_and_records_nothing_more(
    client: Browser, cast: Cast, stopped: CheckIn
) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(page_of(stopped), WORD)
    assert browser.post(page_of(stopped), WORD).status_code == 200
    assert Clearance.objects.count() == 1


def test_a_stop_of_a_check_in_that_nobody_claimed_is_for_the_manager(
    client: Browser, cast: Cast
) -> None:
    stopped = a_completed_checkin(None, practice=cast.practice, red_flags=["rf_cad"])
    assert "left no name" in signed_in(client, cast, "finn").get(LIST).content.decode()
    assert (
        question("rf_cad") in signed_in(client, cast, "paz").get(page_of(stopped)).content.decode()
    )
    page = signed_in(client, cast, "tess").get(page_of(stopped)).content.decode()
    assert question("rf_cad") not in page


def test_an_empty_list_says_so(client: Browser, cast: Cast) -> None:
    assert "Nobody waits for a call" in signed_in(client, cast, "finn").get(LIST).content.decode()


@pytest.fixture
def in_need(cast: Cast) -> CheckIn:
    """Ana has a stable heart condition: some techniques wait for a clinician's agreement."""
    return a_completed_checkin(cast.ana, practice=cast.practice, conditions=["heart_stable"])


def test_a_client_asks_for_a_call_about_an_agreement(
    client: Browser, cast: Cast, in_need: CheckIn
) -> None:
    ana = signed_in(client, cast, "ana")
    assert "Only after a clinician agrees" in ana.get("/check-in/result/").content.decode()
    ana.post("/check-in/call-me/", {"name": "Ana", "phone": "030 123456"})
    page = signed_in(client, cast, "finn").get(LIST).content.decode()
    assert "030 123456" in page
    assert "heart" not in page.lower()


@pytest.mark.parametrize("name", ["tess", "paz"])
def test_a_recorded_agreement_opens_the_techniques_it_names(
    client: Browser, cast: Cast, in_need: CheckIn, name: str
) -> None:
    needed = [row.id for row in reads.agreements_needed(in_need)]
    browser = signed_in(client, cast, name)
    assert "agreement" in browser.get(page_of(in_need)).content.decode()
    answer = browser.post(page_of(in_need), {**WORD, "covers": needed})
    assert answer.status_code == 302
    assert reads.agreements_needed(in_need) == ()
    assert Clearance.objects.get().client == cast.ana
    assert "Nothing is left to record" in browser.get(page_of(in_need)).content.decode()


@pytest.mark.parametrize(
    ("name", "status"), [("finn", 404), ("theo", 404), ("uma", 404), ("ben", 404)]
)
def test_without_a_call_asked_for_nobody_else_opens_it(
    client: Browser, cast: Cast, in_need: CheckIn, name: str, status: int
) -> None:
    browser = signed_in(client, cast, name)
    assert browser.get(page_of(in_need)).status_code in (status, 403)
    needed = [row.id for row in reads.agreements_needed(in_need)]
    browser.post(page_of(in_need), {**WORD, "covers": needed})
    assert not Clearance.objects.exists()


def test_an_agreement_needs_at_least_one_point(
    client: Browser, cast: Cast, in_need: CheckIn
) -> None:
    page = signed_in(client, cast, "paz").post(page_of(in_need), {**WORD, "covers": []})
    assert page.status_code == 422
    assert "Tick what the clinician spoke about." in page.content.decode()
