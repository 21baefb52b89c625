"""Every page where staff read answers, against every purpose that a client may take back."""

import html
from collections.abc import Callable, Mapping

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.appointments import a_recheck, an_appointment
from tests.cast import NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.screening import catalogue as screening
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.book.models import Appointment
from unknot.journey.follow.actions import check_ins as follow
from unknot.journey.understand import stops
from unknot.people.actions import agree, withdraw_consent
from unknot.people.deeds import WORDS
from unknot.people.models import AuditEntry, Purpose

pytestmark = pytest.mark.usefixtures("now")

SAFETY, BODY, MIND = Purpose.SHARE_SAFETY, Purpose.SHARE_BODY, Purpose.SHARE_MIND
#: What each page shows of each group of answers, and the deed that reading it leaves.
READERS: Mapping[str, tuple[str, Mapping[Purpose, str]]] = {
    "prepare:briefing": (
        "briefing.read",
        {SAFETY: "Slow rise at the end", BODY: "Upper trapezius, left", MIND: "PHQ-4, 0 to 12"},
    ),
    "practice:day": ("day.read", {SAFETY: "Anticoagulants"}),
    "session:record": (
        "record.read",
        {SAFETY: "Slow rise at the end", BODY: "Check-in of Friday 27 March"},
    ),
    "follow:client-progress": ("progress.read", {BODY: "<td>3</td>", MIND: "<td>9</td>"}),
}
#: Without body answers there is no such page.
WHOLE = {"follow:client-progress": BODY}


@pytest.fixture
def visit(cast: Cast) -> Appointment:
    """Ana is here today, has answered everything, and shares everything."""
    visit = an_appointment(cast, start=at(12))
    a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        conditions=["bp_controlled"],
        medicines=["anticoagulant"],
    )
    rows = [DayRow(line=2, day=TODAY, pain=3, stress=9, sleep=6)]
    follow.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=NOW)
    for purpose in Purpose:
        agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    a_recheck(cast, visit)
    return visit


@pytest.fixture
def read(cast: Cast, visit: Appointment) -> Callable[[str], str]:
    """Open one page as Tess; a refused page shows nothing."""
    browser = Browser()
    browser.force_login(cast.user("tess"))
    keys = {"practice:day": [], "follow:client-progress": [cast.ana.key]}

    def page(name: str) -> str:
        answer = browser.get(reverse(name, args=keys.get(name, [visit.key])))
        assert answer.status_code in (200, 403)
        return html.unescape(answer.content.decode()) if answer.status_code == 200 else ""

    return page


def seen(page: str, reader: str) -> set[Purpose]:
    return {purpose for purpose, words in READERS[reader][1].items() if words in page}


@pytest.mark.parametrize("reader", READERS)
def test_each_group_is_shown_while_it_is_shared_and_hidden_at_once_when_it_is_not(
    cast: Cast, read: Callable[[str], str], reader: str
) -> None:
    groups = set(READERS[reader][1])
    assert seen(read(reader), reader) == groups  # else nothing below means anything
    for taken in Purpose:
        withdraw_consent(cast.user("ana"), cast.ana, taken, now=NOW)
        nothing = taken in (Purpose.CARE, WHOLE.get(reader))
        assert seen(read(reader), reader) == (set() if nothing else groups - {taken}), taken
        agree(cast.user("ana"), cast.ana, taken, now=NOW)
        assert seen(read(reader), reader) == groups, taken


@pytest.mark.parametrize("reader", READERS)
def test_one_group_alone_opens_no_other(
    cast: Cast, read: Callable[[str], str], reader: str
) -> None:
    for purpose in (SAFETY, BODY, MIND):
        withdraw_consent(cast.user("ana"), cast.ana, purpose, now=NOW)
    for alone in (SAFETY, BODY, MIND):
        agree(cast.user("ana"), cast.ana, alone, now=NOW)
        open_page = WHOLE.get(reader) in (None, alone)
        expected = {alone} & set(READERS[reader][1]) if open_page else set()
        assert seen(read(reader), reader) == expected, alone
        withdraw_consent(cast.user("ana"), cast.ana, alone, now=NOW)


@pytest.mark.parametrize("reader", READERS)
def test_each_read_stands_on_the_clients_own_page(
    cast: Cast, read: Callable[[str], str], reader: str
) -> None:
    deed = READERS[reader][0]
    ana = Browser()
    ana.force_login(cast.user("ana"))
    account = reverse("people:account")
    assert f"<td>{WORDS[deed]}</td>" not in ana.get(account).content.decode()
    read(reader)
    text = html.unescape(ana.get(account).content.decode())
    assert f"<td>Tess</td><td>{WORDS[deed]}</td>" in text


def test_the_days_list_reads_nothing_of_who_shares_no_safety_answers(
    cast: Cast, read: Callable[[str], str]
) -> None:
    withdraw_consent(cast.user("ana"), cast.ana, SAFETY, now=NOW)
    read("practice:day")
    assert not AuditEntry.objects.filter(action="day.read").exists()


# What only the client sees ----------------------------------------------------------------------

STAFF = ("tess", "paz", "finn")


@pytest.fixture
def secrets() -> list[str]:
    """The words of the cards of help, and of what calls for them."""
    table = screening.load()
    asked = [flag.question for flag in table.red_flags if flag.show is not None]
    rules = [rule.adapt_how for rule in table.rules if rule.show is not None]
    texts = [instruments.load().card(name).text for name in ("crisis_card", "talk_to_clinician")]
    found = [*asked, *rules, *texts, "If somebody hurts you", "TelefonSeelsorge"]
    assert len(found) >= 6
    assert all(found)
    return [str(one) for one in found]


def test_cards_of_help_reach_the_client_and_no_page_of_the_staff(
    cast: Cast, visit: Appointment, secrets: list[str]
) -> None:
    hard = {"phq4": (3, 3, 3, 3), "conditions": ["mental_health_acute"]}
    a_completed_checkin(cast.ana, practice=cast.practice, red_flags=["rf_abuse"], **hard)
    own = _opened(cast, "ana", reverse("understand:result"))
    assert sum(words in own for words in secrets) >= 4  # the words are those of the real cards
    day, calls = reverse("practice:day"), reverse("practice:call-backs")
    pages = [
        *((name, day) for name in STAFF),
        *((name, calls) for name in STAFF),
        ("tess", reverse("prepare:briefing", args=[visit.key])),
        ("tess", reverse("session:record", args=[visit.key])),
        ("tess", reverse("follow:client-progress", args=[cast.ana.key])),
    ]
    for name, address in pages:
        text = _opened(cast, name, address)
        assert [words for words in secrets if words in text] == [], address


def test_they_are_not_behind_a_call_back_either(
    cast: Cast, visit: Appointment, secrets: list[str]
) -> None:
    a_completed_checkin(
        cast.ana,
        practice=cast.practice,
        red_flags=["rf_abuse", "rf_night"],
        phq4=(3, 3, 3, 3),
        conditions=["mental_health_acute"],
    )
    stop = stops.stop_rows(cast.practice)[0]
    address = reverse("practice:call-back", args=[stop.key])
    why = screening.load().red_flag("rf_night").question
    for name in STAFF:
        text = _opened(cast, name, address)
        assert (why in text) is (name != "finn")
        assert [words for words in secrets if words in text] == []


def _opened(cast: Cast, name: str, address: str) -> str:
    browser = Browser()
    browser.force_login(cast.user(name))
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())
