"""Team credentials: how they stand, what they close, what is required, and the check."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests.appointments import MONDAY_TEN, an_appointment
from tests.cast import LONG_AGO, NOW, TODAY, Cast, at
from tests.checkins import a_completed_checkin
from tests.journey.choose.listing import a_credential, a_document
from tests.journey.choose.test_credentials_action import a_row
from tests.practice.test_day_page import signed_in
from unknot.domain.credentials.standing import standing
from unknot.journey.book.actions import booking, refusals
from unknot.journey.book.models import Appointment
from unknot.journey.book.reads.decision import Wanted
from unknot.journey.choose.actions.credentials import CheckedMeanwhile
from unknot.journey.choose.actions.requirements import require_credentials
from unknot.journey.choose.models import Credential, Therapist
from unknot.people.models import AuditEntry, Membership, Role
from unknot.web.errors import BadInput, Denied, Missing

pytestmark = pytest.mark.usefixtures("now")
TEAM = reverse("practice:team")
REQUIRED = reverse("practice:team-required")
TOLD = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}
FOUND = {
    "method": "register",
    "source": "The register of Berlin",
    "matched": ["number", "name"],
    "status": "active",
    "discipline": "none",
    "checked_on_day": "27",
    "checked_on_month": "3",
    "checked_on_year": "2026",
}


def address(paper: Credential) -> str:
    return reverse("practice:credential-check", args=[paper.key])


def sent(browser: Browser, paper: Credential, **changed: object) -> dict[str, object]:
    """What somebody sends who has just loaded the page; None leaves an answer out."""
    seen = browser.get(address(paper)).context["form"]["seen"].value()
    whole = {**FOUND, "seen": seen, **changed}
    return {name: value for name, value in whole.items() if value is not None}


# The team -------------------------------------------------------------------------------------


def test_the_page_says_how_each_stands_and_what_is_due(client: Browser, cast: Cast) -> None:
    a_credential(cast.tess, expires_on=TODAY + timedelta(days=20))
    a_credential(cast.theo, checked_on=TODAY - timedelta(days=91))
    a_credential(cast.uma, title="Of another practice")
    page = signed_in(client, cast, "paz").get(TEAM).content.decode()
    assert "Active on the register, checked 27 March 2026" in page
    assert "Runs out in 20 days: its last valid day is 16 April 2026." in page
    assert "The check is older than 90 days: look into the register again." in page
    assert "Cannot be booked from 17 April 2026 on. Licence: none is valid then." in page
    assert "Of another practice" not in page


def test_who_cannot_be_booked_today_is_said_with_the_reason(client: Browser, cast: Cast) -> None:
    a_credential(cast.tess, status="suspended")
    a_credential(cast.theo, kind="insurance", **TOLD)
    require_credentials(cast.paz, cast.practice, kinds=["insurance"], checked=True, now=NOW)
    team = signed_in(client, cast, "paz").get(TEAM).context["team"]
    assert [(one.name, one.closed) for one in team] == [
        ("Tess", "Licence: suspended or revoked."),
        ("Theo", "Insurance: nobody has checked one that is valid then."),
    ]


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "paz")
    for number in range(3):
        for therapist in (cast.tess, cast.theo):
            a_credential(therapist, number=str(number))
            a_document(therapist, f"%PDF-1.7 {number}".encode())
    with django_assert_num_queries(11):
        browser.get(TEAM)
    paper = Credential.objects.filter(method="register").first()
    assert paper is not None
    with django_assert_num_queries(11):
        browser.get(address(paper))


# What is required -----------------------------------------------------------------------------


def test_whom_a_requirement_closes_is_told_before_it_is_saved(client: Browser, cast: Cast) -> None:
    a_credential(cast.tess, kind="insurance")
    browser = signed_in(client, cast, "paz")
    answer = browser.post(REQUIRED, {"kinds": ["insurance"]})
    assert answer.status_code == 409
    assert answer.context["closed"] == ("Theo",)
    cast.practice.refresh_from_db()
    assert cast.practice.required_credentials == []
    sure = answer.context["sure"]
    other = browser.post(REQUIRED, {"kinds": ["licence"], "sure": sure})
    assert other.status_code == 409
    answer = browser.post(REQUIRED, {"kinds": ["insurance"], "sure": sure})
    assert answer.status_code == 302
    cast.practice.refresh_from_db()
    assert cast.practice.required_credentials == ["insurance"]
    assert AuditEntry.objects.get(action="credentials.required").reason == "insurance"


def test_a_requirement_that_closes_nobody_is_saved_at_once(client: Browser, cast: Cast) -> None:
    for therapist in (cast.tess, cast.theo):
        a_credential(therapist)
    browser = signed_in(client, cast, "paz")
    assert browser.post(REQUIRED, {"kinds": ["licence"], "checked": "on"}).status_code == 302
    cast.practice.refresh_from_db()
    assert (cast.practice.required_credentials, cast.practice.required_checked) == (
        ["licence"],
        True,
    )
    assert "Now required: Licence. Somebody must have looked." in " ".join(
        browser.get(TEAM).content.decode().split()
    )
    assert browser.post(REQUIRED, {"kinds": ["shoe size"]}).status_code == 422


def test_what_is_required_closes_days_for_booking_and_leaves_what_is_booked(cast: Cast) -> None:
    booked = an_appointment(cast, start=at(13, days=3))
    require_credentials(cast.paz, cast.practice, kinds=["licence"], checked=False, now=NOW)
    checkin = a_completed_checkin(cast.ben, practice=cast.practice)

    def hold() -> Appointment:
        return booking.hold(
            checkin,
            actor=cast.user("ben"),
            wanted=Wanted(therapist=Therapist.objects.get(pk=cast.tess.pk), service=cast.swedish),
            start=MONDAY_TEN,
            now=NOW,
        )

    with pytest.raises(refusals.NotOffered):
        hold()
    booked.refresh_from_db()
    assert booked.status == "confirmed"
    a_credential(cast.tess, **TOLD)
    assert hold().start == MONDAY_TEN


def test_only_a_manager_of_the_practice_requires(cast: Cast) -> None:
    for name, refusal in (("tess", Denied), ("uma", Missing), ("opal", Missing)):
        with pytest.raises(refusal):
            require_credentials(cast.user(name), cast.practice, kinds=[], checked=True, now=NOW)
    with pytest.raises(BadInput):
        require_credentials(cast.paz, cast.practice, kinds=["hat"], checked=True, now=NOW)


# The check ------------------------------------------------------------------------------------


def test_a_manager_records_what_they_found_and_clients_read_it(client: Browser, cast: Cast) -> None:
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, "paz")
    assert browser.post(address(paper), sent(browser, paper)).headers["Location"] == TEAM
    paper.refresh_from_db()
    assert standing(paper, on=TODAY) == "verified"
    assert (paper.checked_by, paper.source) == (cast.paz, "The register of Berlin")
    page = Browser().get("/therapists/tess/").content.decode()
    assert "Active on the register, checked 27 March 2026" in page
    assert "Looked up by the practice on 27 March 2026 in: The register of Berlin." in page


def test_a_disciplinary_finding_is_shown_to_everybody(client: Browser, cast: Cast) -> None:
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, "paz")
    finding = {
        "discipline": "present",
        "discipline_on_day": "3",
        "discipline_on_month": "2",
        "discipline_on_year": "2025",
        "discipline_url": "https://board.example/finding",
        "scope_notes": "No work on the neck.",
    }
    browser.post(address(paper), sent(browser, paper, status="probation", **finding))
    page = Browser().get("/therapists/tess/").content.decode()
    for said in (
        "On probation, as of 27 March 2026",
        "Disciplinary finding of 3 February 2025",
        'href="https://board.example/finding"',
        "Limits: No work on the neck.",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"method": None}, "Say how it was checked."),
        ({"status": None}, "Choose what it says about the credential."),
        ({"discipline": None}, "Say what is known of discipline."),
        ({"source": None}, "Write which register or document it was."),
        ({"source_url": "javascript:alert(1)"}, "begins with https://"),
        ({"matched": ["shoe size"]}, "Choose what matched from the list."),
        ({"method": "roster"}, "Say how it was checked: choose one of the listed ways."),
        ({"checked_on_year": "2027"}, "cannot lie in the future"),
        ({"status": "no_register"}, "Where no register exists"),
        ({"seen": None}, "Fill this in."),
    ],
)
def test_a_finding_that_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, object], sentence: str
) -> None:
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, "paz")
    answer = browser.post(address(paper), sent(browser, paper, **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    paper.refresh_from_db()
    assert paper.method == "self"


def test_nothing_is_ticked_beforehand(client: Browser, cast: Cast) -> None:
    form = signed_in(client, cast, "paz").get(address(a_credential(cast.tess))).context["form"]
    answered = {name for name in form.fields if form[name].value()}
    assert answered == {"checked_on", "seen"}


def test_a_credential_that_changed_meanwhile_is_not_checked(client: Browser, cast: Cast) -> None:
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, "paz")
    finding = sent(browser, paper)
    Credential.objects.update(number="ANOTHER")
    answer = browser.post(address(paper), finding)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "changed or checked this credential meanwhile" in page
    assert str(CheckedMeanwhile.mend) in page
    assert "ANOTHER" in page
    paper.refresh_from_db()
    assert paper.method == "self"
    assert browser.post(address(paper), finding).status_code == 409
    form = answer.context["form"]
    again = {**finding, "seen": form["seen"].value()}
    assert {name: form[name].value() for name in ("method", "source", "matched")} == {
        "method": "register",
        "source": "The register of Berlin",
        "matched": ["number", "name"],
    }
    assert browser.post(address(paper), again).status_code == 302
    paper.refresh_from_db()
    assert (paper.method, paper.number) == ("register", "ANOTHER")


def test_rosters_are_shown_as_evidence_and_a_boards_own_can_verify(
    client: Browser, cast: Cast
) -> None:
    paper = a_credential(cast.tess, number="MT-12", jurisdiction="US-CO", **TOLD)
    browser = signed_in(client, cast, "paz")
    assert "row" not in browser.get(address(paper)).context["form"].fields
    a_row()
    a_row(source="nppes")
    page = browser.get(address(paper)).content.decode()
    assert "the licensing board’s own list" in page
    assert "it can never verify" in page
    for name in ("Colorado Division of Professions and Occupations", "NPPES (self-declared)"):
        assert f"<h3>{name}</h3>" in page
        assert f"{name}, Tess, MT-12" in page
    paper.refresh_from_db()
    assert paper.method == "self"  # evidence alone changes nothing
    finding = {"method": "roster", "row": "nppes:MT-12", "source": None}
    browser.post(address(paper), sent(browser, paper, **finding))
    paper.refresh_from_db()
    assert standing(paper, on=TODAY) == "claimed"
    finding["row"] = "colorado:MT-12"
    assert browser.post(address(paper), sent(browser, paper, **finding)).status_code == 302
    paper.refresh_from_db()
    assert standing(paper, on=TODAY) == "verified"


def test_of_several_rows_one_is_chosen_and_the_check_rests_on_it(
    client: Browser, cast: Cast
) -> None:
    paper = a_credential(cast.tess, number="MT-12", jurisdiction="US-CO", **TOLD)
    ended, holds = TODAY - timedelta(days=5), TODAY + timedelta(days=300)
    a_row(source_key="old", expires_on=ended)
    a_row(source_key="new", expires_on=holds)
    browser = signed_in(client, cast, "paz")
    page = browser.get(address(paper))
    assert [value for value, _said in page.context["form"].fields["row"].choices] == [
        "colorado:old",
        "colorado:new",
    ]
    assert "Massage Therapist, active, last valid day 22 March 2026" in page.content.decode()
    finding: dict[str, object] = {"method": "roster", "source": None}
    for row in (None, "colorado:none"):
        answer = browser.post(address(paper), sent(browser, paper, **finding, row=row))
        assert answer.status_code == 422
        assert "Choose one of the rows shown above." in answer.content.decode()
    for row, day, expected in (("old", ended, "expired"), ("new", holds, "verified")):
        values = sent(browser, paper, **finding, row=f"colorado:{row}")
        assert browser.post(address(paper), values).status_code == 302
        paper.refresh_from_db()
        assert (paper.expires_on, standing(paper, on=TODAY)) == (day, expected)


def test_the_form_says_what_an_empty_last_day_means(client: Browser, cast: Cast) -> None:
    paper = a_credential(cast.tess, expires_on=TODAY + timedelta(days=3), **TOLD)
    browser = signed_in(client, cast, "paz")
    page = browser.get(address(paper)).content.decode()
    assert "Register or document: leave it empty to keep the day that is known." in page
    assert browser.post(address(paper), sent(browser, paper)).status_code == 302
    paper.refresh_from_db()
    assert paper.expires_on == TODAY + timedelta(days=3)


def test_who_works_alone_reads_that_somebody_else_has_to_look(client: Browser, cast: Cast) -> None:
    Membership.objects.create(
        user=cast.tess.user, practice=cast.practice, role=Role.MANAGER, since=LONG_AGO
    )
    paper = a_credential(cast.tess, **TOLD)
    browser = signed_in(client, cast, "tess")
    page = browser.get(address(paper)).content.decode()
    assert "Somebody else has to check your own" in page
    assert "Record the check" not in page
    assert browser.post(address(paper), FOUND).status_code == 403
    paper.refresh_from_db()
    assert paper.method == "self"


def test_a_manager_does_not_see_other_practices(client: Browser, cast: Cast) -> None:
    paper = a_credential(cast.uma, **TOLD)
    browser = signed_in(client, cast, "paz")
    assert browser.get(address(paper)).status_code == 404
    assert browser.post(address(paper), FOUND).status_code == 404
