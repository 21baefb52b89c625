"""The operator's list of credentials, and what everybody reads of one."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, TODAY, Cast
from tests.journey.choose.listing import a_credential
from tests.practice.test_day_page import signed_in
from tests.practice.test_listing_page import a_draft
from tests.practice.test_team_page import FOUND, TOLD
from unknot.domain.credentials.standing import standing
from unknot.journey.choose.actions.listing import save_listing
from unknot.journey.choose.models import Credential
from unknot.journey.choose.pages import checking
from unknot.journey.choose.reads import papers

pytestmark = pytest.mark.usefixtures("now")
LIST = reverse("choose:credentials")


def titles(browser: Browser, **query: str) -> list[str]:
    answer = browser.get(LIST, query)
    assert answer.status_code == 200
    return [one.paper.name for one in answer.context["papers"]]


@pytest.fixture
def operator(client: Browser, cast: Cast) -> Browser:
    return signed_in(client, cast, "opal")


def test_each_list_has_what_it_says(operator: Browser, cast: Cast) -> None:
    a_credential(cast.tess, title="new", **TOLD)
    a_credential(cast.tess, title="fresh", checked_on=TODAY - timedelta(days=90))
    a_credential(cast.theo, title="old", checked_on=TODAY - timedelta(days=91))
    a_credential(cast.uma, title="ends", expires_on=TODAY + timedelta(days=60))
    a_credential(cast.uma, title="later", expires_on=TODAY + timedelta(days=61))
    a_credential(cast.uma, title="training", kind="training", expires_on=TODAY)
    for source, kind in (("nppes", "training"), ("colorado", "registration")):
        seen = {"method": "roster", "checked_on": TODAY - timedelta(days=92), "kind": kind}
        a_credential(cast.theo, title=source, source=source, **seen)
    assert titles(operator) == ["new"]
    assert titles(operator, which="old") == ["colorado", "old"]
    assert titles(operator, which="ending") == ["ends"]
    assert len(titles(operator, which="all")) == 8
    assert titles(operator, which="nonsense") == ["new"]


def test_it_finds_by_name_or_number_in_every_practice(operator: Browser, cast: Cast) -> None:
    a_credential(cast.tess, title="of Tess", number="A-1")
    a_credential(cast.uma, title="of Uma", number="B-2", holder="Uma Name at birth")
    assert titles(operator, which="all", words="tess") == ["of Tess"]
    assert titles(operator, which="all", words="b-2") == ["of Uma"]
    assert titles(operator, which="all", words="at birth") == ["of Uma"]
    assert titles(operator, which="all", words="50%") == []
    assert titles(operator, words="Uma") == []


def test_long_lists_come_in_pages(
    operator: Browser,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(checking, "ON_A_PAGE", 2)
    for number in range(5):
        a_credential(cast.tess, title=f"licence {number}", **TOLD)
    assert titles(operator, page="3") == ["licence 4"]
    assert titles(operator, page="99") == ["licence 4"]
    assert titles(operator, page="x") == ["licence 0", "licence 1"]
    with django_assert_num_queries(6):
        operator.get(LIST)


def test_the_operator_checks_what_a_manager_may_not(operator: Browser, cast: Cast) -> None:
    paper = a_credential(cast.tess, **TOLD)
    address = reverse("choose:credential-check", args=[paper.key])
    seen = operator.get(address).context["form"]["seen"].value()
    answer = operator.post(address, {**FOUND, "seen": seen})
    assert answer.headers["Location"] == LIST
    paper.refresh_from_db()
    assert standing(paper, on=TODAY) == "verified"
    assert (
        "Looked up by the operator of this site"
        in Browser().get("/therapists/tess/").content.decode()
    )


@pytest.mark.parametrize("name", ["tess", "paz", "ana", "finn"])
def test_for_everybody_else_the_list_does_not_exist(client: Browser, cast: Cast, name: str) -> None:
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, name)
    assert browser.get(LIST).status_code == 404
    address = reverse("choose:credential-check", args=[paper.key])
    assert browser.get(address).status_code == 404
    assert browser.post(address, FOUND).status_code == 404


@pytest.mark.parametrize(
    ("fields", "standing_said", "by"),
    [
        ({}, "active on the register, checked 27 March 2026", "Looked up by the practice"),
        (
            {"method": "document", "status": "no_register"},
            "no public register exists; a document was shown on 27 March 2026",
            "A document was seen by the practice",
        ),
        (
            {**TOLD, "status": "no_register"},
            "no public register exists for this, by the therapist’s own word",
            "",
        ),
        (TOLD, "the therapist's own word, not checked", ""),
        (
            {**TOLD, "expires_on": TODAY - timedelta(days=1)},
            "ran out on 26 March 2026",
            "Said by the therapist",
        ),
        ({"matched": ["number"]}, "but not both name and number", "Looked up by the practice"),
        (
            {"method": "roster", "source": "nppes"},
            "which confirms nothing",
            "with a roster: NPPES (self-declared), as of 27 March 2026",
        ),
        (
            {"method": "roster", "source": "generic"},
            "which confirms nothing",
            "with a roster: a list somebody loaded, as of",
        ),
        (
            {"method": "roster", "source": "colorado"},
            "active in the licensing board’s list, checked 27 March 2026",
            "with a roster: Colorado Division of Professions and Occupations, as of",
        ),
        (
            {"method": "roster", "source": "colorado", "matched": ["name", "state"]},
            "found in the board’s list, but number and name did not both match",
            "Colorado Division",
        ),
        (
            {"method": "roster", "source": "washington", "status": "unknown"},
            "the licensing board’s list did not show it as active on 27 March 2026",
            "Washington State Department of Health",
        ),
        (
            {
                "method": "roster",
                "source": "colorado",
                "checked_on": TODAY - timedelta(days=91),
            },
            "seen active in the licensing board’s list on 26 December 2025, too long ago",
            "Colorado Division",
        ),
        ({"status": "lapsed"}, "lapsed, as of 27 March 2026", "Looked up by the practice"),
    ],
)
def test_every_standing_says_who_said_so(
    cast: Cast, fields: dict[str, object], standing_said: str, by: str
) -> None:
    row = papers.row(a_credential(cast.tess, **fields), TODAY)
    assert standing_said in row.standing
    assert by in row.by
    assert bool(by) == bool(row.by)


def test_a_credential_in_another_name_says_so_wherever_it_is_shown(
    cast: Cast, client: Browser
) -> None:
    paper = a_credential(cast.tess)
    assert papers.row(paper, TODAY).holder == ""
    for page in ("/therapists/", "/therapists/tess/"):
        assert "in the name of" not in client.get(page).content.decode().lower()
    save_listing(cast.tess.user, cast.practice, draft=a_draft(cast, name="Tess New"), now=NOW)
    row = papers.row(Credential.objects.get(), TODAY)
    assert (row.holder, row.badge) == ("Tess", True)
    assert "Massage licence M-1, Berlin, in the name of Tess: active on the register" in row.text
    for page in ("/therapists/", "/therapists/tess/"):
        text = " ".join(client.get(page).content.decode().lower().split())
        assert "in the name of tess" in text
    assert "in the name of tess<" in text


def test_a_disciplinary_finding_stands_even_beside_the_badge(cast: Cast, client: Browser) -> None:
    paper = a_credential(cast.tess, discipline="present", discipline_url="https://x.example/")
    row = papers.row(paper, TODAY)
    assert row.state == "checked"
    assert row.discipline == "There is a disciplinary finding"
    assert "There is a disciplinary finding" in row.text
    for page in ("/therapists/", "/therapists/tess/"):
        assert "There is a disciplinary finding" in client.get(page).content.decode()
    assert row.discipline_url == "https://x.example/"
