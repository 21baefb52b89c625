"""The pages of a comparison: propose, agree, the list as far as it is open, the report."""

import csv
import hashlib
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from tests.trials import due, held_next, proposed, rated, running
from unknot.journey.follow.actions import trial_results, trials
from unknot.journey.follow.models import Trial, TrialState
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import AuditEntry, Purpose

BrowserOf = Callable[[str], Browser]


@pytest.fixture
def browser_of(cast: Cast, now: datetime) -> BrowserOf:
    def signed_in(name: str) -> Browser:
        browser = Browser()
        browser.force_login(cast.user(name))
        return browser

    return signed_in


def said(cast: Cast, **fields: object) -> dict[str, object]:
    return {
        "service_a": cast.swedish.pk,
        "service_b": cast.deep_tissue.pk,
        "outcome": "pain",
        "pairs": 4,
        "gap_days": 4,
        "agreed": "on",
        **fields,
    }


def text(browser: Browser, name: str, *args: object) -> str:
    page = browser.get(reverse(f"follow:{name}", args=args)).content.decode()
    return re.sub(r"\s+", " ", page)


def test_a_client_proposes_and_the_therapist_agrees(cast: Cast, browser_of: BrowserOf) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    ana, tess = browser_of("ana"), browser_of("tess")
    assert "Propose one to Tess" in text(ana, "trials")
    page = text(ana, "trial-new", "tess")
    assert "With 6 pairs we would spot only a big difference" in page
    assert "1.1 points more, about 2 of 10" in page  # 1.08, rounded and not cut off
    assert "I can stop at any time" in page
    answer = ana.post(reverse("follow:trial-new", args=["tess"]), said(cast))
    trial = Trial.objects.get()
    assert answer.url == reverse("follow:trial", args=[trial.key])  # type: ignore[attr-defined]
    assert "It begins when the other one agrees" in text(ana, "trial", trial.key)
    assert "Do you agree?" in text(tess, "trial", trial.key)
    tess.post(reverse("follow:trial-accept", args=[trial.key]))
    trial.refresh_from_db()
    assert trial.state == TrialState.RUNNING


def test_a_client_says_yes_by_a_tick(cast: Cast, browser_of: BrowserOf) -> None:
    a_completed_checkin(cast.ana, practice=cast.practice)
    tess, ana = browser_of("tess"), browser_of("ana")
    tess.post(reverse("follow:client-trial-new", args=[cast.ana.key]), said(cast))
    trial = Trial.objects.get()
    accept = reverse("follow:trial-accept", args=[trial.key])
    refused = ana.post(accept)
    assert refused.status_code == 422
    assert "Tick that you agree, or say no." in refused.content.decode()
    ana.post(accept, {"agreed": "on"})
    trial.refresh_from_db()
    assert trial.state == TrialState.RUNNING


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"agreed": ""}, "Tick that you agree"),
        ({"pairs": "3"}, "Choose between 4 and 10 pairs."),
        ({"service_a": ""}, "Choose the first technique"),
        ({"service_a": "999999"}, "Choose the first technique"),
        ({"outcome": "wealth"}, "Choose what to compare them by."),
        ({"gap_days": "1"}, "Choose how many days"),
    ],
)
def test_what_is_missing_is_named(
    cast: Cast, browser_of: BrowserOf, wrong: dict[str, object], sentence: str
) -> None:
    answer = browser_of("ana").post(reverse("follow:trial-new", args=["tess"]), said(cast, **wrong))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Trial.objects.exists()


def test_two_of_one_technique_and_no_safety_answers_are_said(
    cast: Cast, browser_of: BrowserOf
) -> None:
    address = reverse("follow:trial-new", args=["tess"])
    same = browser_of("ana").post(address, said(cast, service_b=cast.swedish.pk))
    assert "Choose two different techniques" in same.content.decode()
    answer = browser_of("ana").post(address, said(cast))
    assert answer.status_code == 409
    assert "safety answers" in answer.content.decode().lower()


def test_before_the_end_no_page_and_no_file_tells_what_is_sealed(
    cast: Cast, browser_of: BrowserOf
) -> None:
    """Whatever the order is: the pages of two lists that differ only later are the same."""
    trial = running(cast)
    place = due(trial)
    for name in ("ana", "tess"):
        browser = browser_of(name)
        page = text(browser, "trial", trial.key)
        assert page.count("sealed") >= 7
        files = [
            browser.get(reverse("follow:trial-report", args=[trial.key, kind])).content.decode()
            for kind in ("json", "csv", "md")
        ]
        for shown in (page, *files):
            assert trial.commitment in shown
            assert trial.seal.order not in shown
            assert trial.seal.salt not in shown
    places = json.loads(files[0])["places"]
    assert [one["technique"] is None for one in places] == [False, *[True] * 7]
    assert place.service.technique.split("_")[0] in places[0]["technique"].lower()


def test_the_next_session_leads_to_its_free_times(cast: Cast, browser_of: BrowserOf) -> None:
    trial = running(cast)
    page = text(browser_of("ana"), "trial", trial.key)
    assert reverse("book:slots", args=["tess", due(trial).service_id]) in page
    assert "Choose a time" not in text(browser_of("tess"), "trial", trial.key)


def test_stopping_opens_the_list_and_anybody_can_check_the_seal(
    cast: Cast, browser_of: BrowserOf
) -> None:
    trial = running(cast)
    browser = browser_of("ana")
    browser.post(reverse("follow:trial-stop", args=[trial.key]))
    page = text(browser, "trial", trial.key)
    found = re.search(r"<li>([0-9a-f]{64})</li><li>([AB]{8})</li>", page)
    assert found is not None
    salt, order = found.groups()
    assert hashlib.sha256(f"{salt}\n{order}".encode()).hexdigest() == trial.commitment
    assert "did not take place" in page
    assert "The client wished to stop." in page


def test_what_was_found_is_said_and_reported(cast: Cast, browser_of: BrowserOf) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    trial = running(cast)
    made = [held_next(cast, trial) for _place in range(4)]
    trials.stop(cast.user("ana"), trial, now=made[-1].end)
    rated(cast, NOW, 24)
    trial_results.analyse_due(made[-1].end + timedelta(days=4))
    for name in ("ana", "tess"):
        page = text(browser_of(name), "trial", trial.key)
        assert "We cannot tell the two apart." in page
        assert "stopped after 2 of 4 pairs" in page
        assert "not with no session at all" in page
    address = reverse("follow:trial-report", args=[trial.key, "csv"])
    rows = list(csv.reader(StringIO(browser_of("ana").get(address).content.decode())))
    assert rows[0] == ["item", "topic", "text"]
    topics = [row[1] for row in rows[1:]]
    for topic in ("Title", "Randomisation", "Blinding", "Results", "Harms", "Concealment"):
        assert topic in topics
    assert AuditEntry.objects.filter(action="trial.reported").count() == 1
    report = browser_of("ana").get(reverse("follow:trial-report", args=[trial.key, "json"]))
    assert len(json.loads(report.content)["inputs"]["ratings"]) > 10
    assert browser_of("ana").get(address.replace("csv", "exe")).status_code == 404


def test_a_therapist_reads_no_result_that_is_not_shared(cast: Cast, browser_of: BrowserOf) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    trial = running(cast)
    made = [held_next(cast, trial) for _place in range(2)]
    trials.stop(cast.user("ana"), trial, now=made[-1].end)
    rated(cast, NOW, 14)
    trial_results.analyse_due(made[-1].end + timedelta(days=4))
    withdraw_consent(cast.user("ana"), cast.ana, Purpose.SHARE_BODY, now=NOW)
    tess = browser_of("tess")
    assert "The result is not shared" in text(tess, "trial", trial.key)
    report = tess.get(reverse("follow:trial-report", args=[trial.key, "json"])).content.decode()
    assert "Not shared" in report
    assert json.loads(report)["inputs"] is None
    assert "We cannot tell" not in report
    assert "We cannot tell" in text(browser_of("ana"), "trial", trial.key)


def test_a_therapist_who_reads_is_written_down(cast: Cast, browser_of: BrowserOf) -> None:
    trial = proposed(cast)
    text(browser_of("ana"), "trial", trial.key)
    assert not AuditEntry.objects.filter(action="trial.read").exists()
    text(browser_of("tess"), "trial", trial.key)
    text(browser_of("tess"), "client-trials", cast.ana.key)
    assert AuditEntry.objects.filter(action="trial.read", client=cast.ana).count() == 2


def test_a_proposal_is_taken_back_or_declined(cast: Cast, browser_of: BrowserOf) -> None:
    trial = proposed(cast)
    assert "Take it back" in text(browser_of("ana"), "trial", trial.key)
    browser_of("tess").post(reverse("follow:trial-decline", args=[trial.key]))
    assert "not begun" in text(browser_of("ana"), "trials")
    assert (
        browser_of("ana").get(reverse("follow:trial-report", args=[trial.key, "json"])).status_code
        == 404
    )
