"""My credentials: told, corrected, proved by documents that only a few may open."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, TODAY, Cast, a_member
from tests.journey.choose.listing import a_credential, a_document
from tests.practice.test_day_page import signed_in
from unknot.journey.choose.actions import credentials as deeds
from unknot.journey.choose.actions import documents
from unknot.journey.choose.models import Credential, CredentialDocument
from unknot.people.models import AuditEntry, Membership, Role, User
from unknot.web.documents import LARGEST, clean

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("practice:credentials")
PAPER = {
    "kind": "licence",
    "title": "Massage therapist",
    "number": "MT 12",
    "jurisdiction": "Berlin",
    "issuer": "City",
    "issued_on_day": "1",
    "issued_on_month": "2",
    "issued_on_year": "2020",
}
TOLD = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}


def picture(side: int = 40) -> bytes:
    kept = BytesIO()
    Image.new("RGB", (side, side), "white").save(kept, "PNG")
    return kept.getvalue()


def a_file(content: bytes, name: str = "scan.png") -> dict[str, SimpleUploadedFile]:
    return {"file": SimpleUploadedFile(name, content, content_type="image/png")}


@pytest.fixture
def paper(cast: Cast) -> Credential:
    """Tess's licence on her own word."""
    return a_credential(cast.tess, **TOLD)


def add(paper: Credential) -> str:
    return reverse("practice:document-add", args=[paper.key])


# The credential -------------------------------------------------------------------------------


def test_a_credential_is_kept_as_the_own_word_without_a_badge(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    for _press in range(2):
        assert browser.post(PAGE, PAPER).headers["Location"] == PAGE
    paper = Credential.objects.get()
    assert (paper.method, paper.status, paper.holder) == ("self", "unknown", "Tess")
    page = browser.get(PAGE).content.decode()
    assert "Number MT 12" in page
    assert "own word, not checked" in page
    assert AuditEntry.objects.filter(action="credential.added").count() == 1


def test_the_name_on_the_licence_is_told_where_it_is_another(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(PAGE, PAPER | {"holder": "Tess Before"})
    paper = Credential.objects.get()
    assert "In the name of Tess Before" in browser.get(PAGE).content.decode()
    form = browser.get(reverse("practice:credential", args=[paper.key])).context["form"]
    assert form["holder"].value() == "Tess Before"


def test_no_register_is_said_as_the_own_word(client: Browser, cast: Cast) -> None:
    browser = signed_in(client, cast, "tess")
    browser.post(PAGE, PAPER | {"no_register": "on"})
    for page in (PAGE, reverse("choose:therapist", args=["tess"])):
        said = browser.get(page).content.decode().lower()
        assert "no public register exists for this, by the therapist’s own word" in said


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": "diploma"}, "Choose what kind of credential it is."),
        ({"title": " "}, "Write what the credential is called."),
        ({"number": "1" * 61}, "at most 60"),
        ({"hours": "many"}, "Write a whole number of hours."),
        ({"technique": "reiki"}, "Select a valid choice"),
        ({"expires_on_day": "31", "expires_on_month": "2", "expires_on_year": "2027"}, "not exist"),
        (
            {"expires_on_day": "1", "expires_on_month": "1", "expires_on_year": "2020"},
            "The last valid day lies before the day it was issued.",
        ),
    ],
)
def test_a_credential_that_cannot_be_kept_gets_a_sentence(
    client: Browser, cast: Cast, changed: dict[str, str], sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(PAGE, PAPER | changed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Credential.objects.exists()


def test_a_credential_needs_a_listing_first(client: Browser, cast: Cast) -> None:
    nora = a_member("Nora", cast.practice, Role.THERAPIST)
    client.force_login(nora, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(PAGE, PAPER)
    assert answer.status_code == 422
    assert not Credential.objects.exists()
    assert "First the listing" in client.get(PAGE).content.decode()


def test_it_can_be_corrected_and_taken_away_until_somebody_has_checked_it(
    client: Browser, cast: Cast, paper: Credential
) -> None:
    browser = signed_in(client, cast, "tess")
    address = reverse("practice:credential", args=[paper.key])
    assert "Take this credential away" in browser.get(address).content.decode()
    assert browser.post(address, PAPER | {"number": "MT 13"}).status_code == 302
    paper.refresh_from_db()
    assert paper.number == "MT 13"
    found = deeds.Finding(status="active", method="document", checked_on=TODAY)
    deeds.record_verification(cast.paz, paper, finding=found, now=NOW)
    page = browser.get(address).content.decode()
    assert "can no longer be changed or removed" in page
    assert "Take this credential away" not in page
    assert browser.post(address, PAPER).status_code == 409
    remove = reverse("practice:credential-remove", args=[paper.key])
    assert browser.post(remove).status_code == 409
    paper.refresh_from_db()
    assert paper.number == "MT 13"


@pytest.mark.parametrize(("name", "status"), [("theo", 404), ("uma", 404), ("paz", 403)])
def test_nobody_else_opens_or_changes_it(
    client: Browser, cast: Cast, paper: Credential, name: str, status: int
) -> None:
    scan = a_document(cast.tess)
    browser = signed_in(client, cast, name)
    assert browser.get(reverse("practice:credential", args=[paper.key])).status_code == status
    for route, key in (
        ("practice:credential", paper.key),
        ("practice:credential-remove", paper.key),
        ("practice:document-add", paper.key),
        ("practice:document-remove", scan.key),
    ):
        assert browser.post(reverse(route, args=[key]), a_file(picture())).status_code == status
    assert Credential.objects.filter(pk=paper.pk).exists()
    assert CredentialDocument.objects.get() == scan


# Documents ------------------------------------------------------------------------------------


def test_a_document_is_kept_written_anew_and_once(
    client: Browser, cast: Cast, paper: Credential
) -> None:
    browser = signed_in(client, cast, "tess")
    raw = picture() + b"hidden behind the end"
    for _press in range(2):
        assert browser.post(add(paper), a_file(raw)).status_code == 302
    kept = CredentialDocument.objects.get()
    assert b"hidden" not in bytes(kept.content)
    assert (kept.kind, kept.size, kept.uploaded_by) == ("png", len(kept.content), cast.tess.user)
    assert AuditEntry.objects.filter(action="document.added").count() == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "scan.png", "This file is empty"),
        (b"GIF89a...", "scan.png", "not a PDF, JPEG or PNG"),
        (b"<html><script>alert(1)</script>", "scan.pdf", "not a PDF, JPEG or PNG"),
        (b"\x89PNG\r\n\x1a\n broken", "scan.png", "cannot be read to its end"),
        (b"%PDF-1.7 broken", "scan.pdf", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * LARGEST, "scan.png", "larger than 10 MB"),
    ],
    ids=["empty", "gif", "html", "broken-png", "broken-pdf", "large"],
)
def test_a_document_that_cannot_be_kept_gets_its_sentence(
    client: Browser, cast: Cast, paper: Credential, content: bytes, name: str, sentence: str
) -> None:
    answer = signed_in(client, cast, "tess").post(add(paper), a_file(content, name))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not CredentialDocument.objects.exists()


def test_a_name_that_lies_about_its_content_is_refused(
    client: Browser, cast: Cast, paper: Credential
) -> None:
    answer = signed_in(client, cast, "tess").post(add(paper), a_file(picture(), "scan.pdf"))
    assert "says one kind and its content is another" in answer.content.decode()
    assert not CredentialDocument.objects.exists()


def test_far_too_much_is_refused_before_it_is_read(
    client: Browser, cast: Cast, paper: Credential
) -> None:
    browser = signed_in(client, cast, "tess")
    answer = browser.post(add(paper), a_file(b"x" * (LARGEST + 2 * 1024 * 1024)))
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()


def test_an_empty_form_asks_for_a_file(client: Browser, cast: Cast, paper: Credential) -> None:
    answer = signed_in(client, cast, "tess").post(add(paper))
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


def test_a_credential_holds_ten_documents(client: Browser, cast: Cast, paper: Credential) -> None:
    for side in range(1, documents.MOST + 1):
        documents.add_document(
            cast.tess.user, cast.practice, paper.key, document=clean(picture(side)), now=NOW
        )
    browser = signed_in(client, cast, "tess")
    assert (
        'type="file"'
        not in browser.get(reverse("practice:credential", args=[paper.key])).content.decode()
    )
    assert browser.post(add(paper), a_file(picture(90))).status_code == 422
    assert CredentialDocument.objects.count() == documents.MOST


def test_a_document_is_taken_away_only_while_nobody_has_checked(
    client: Browser, cast: Cast
) -> None:
    first, second = a_document(cast.tess), a_document(cast.tess, b"%PDF-1.7 other")
    browser = signed_in(client, cast, "tess")
    remove = reverse("practice:document-remove", args=[first.key])
    assert browser.post(remove).status_code == 302
    found = deeds.Finding(status="unknown", method="document", checked_on=TODAY)
    deeds.record_verification(cast.paz, second.credential, finding=found, now=NOW)
    remove = reverse("practice:document-remove", args=[second.key])
    assert browser.post(remove).status_code == 409
    assert CredentialDocument.objects.get() == second


def manager_of_the_other_practice(cast: Cast) -> User:
    return a_member("Otto", cast.other_practice, Role.MANAGER)


def a_manager_who_left(cast: Cast) -> User:
    user = a_member("Lea", cast.practice, Role.MANAGER)
    Membership.objects.filter(user=user).update(until=NOW)
    return user


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (lambda cast: cast.tess.user, 200),
        (lambda cast: cast.paz, 200),
        (lambda cast: cast.opal, 200),
        (lambda cast: cast.theo.user, 404),
        (lambda cast: cast.finn, 404),
        (lambda cast: cast.uma.user, 404),
        (lambda cast: cast.ana.user, 404),
        (manager_of_the_other_practice, 404),
        (a_manager_who_left, 404),
    ],
    ids=["own", "manager", "operator", "colleague", "desk", "other", "client", "Otto", "Lea"],
)
def test_a_document_opens_for_the_few_it_is_for_and_each_opening_is_written_down(
    client: Browser, cast: Cast, who: Callable[[Cast], User], status: int
) -> None:
    scan = a_document(cast.tess)
    user = who(cast)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.get(reverse("choose:document", args=[scan.key]))
    assert answer.status_code == status
    opened = AuditEntry.objects.filter(action="document.read", actor=user)
    assert opened.count() == (status == 200)
    if status == 200:
        assert answer.content == bytes(scan.content)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="credential-')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_no_page_that_everybody_reads_names_a_document(client: Browser, cast: Cast) -> None:
    scan = a_document(cast.tess)
    for page in ("/therapists/", "/therapists/tess/"):
        assert str(scan.key) not in client.get(page).content.decode()
    browser = signed_in(client, cast, "tess")
    own = browser.get(reverse("practice:credential", args=[scan.credential.key]))
    assert str(scan.key) in own.content.decode()


def test_the_number_of_queries(
    client: Browser, cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(client, cast, "tess")
    for number in range(3):
        a_credential(cast.tess, number=str(number))
        a_document(cast.tess, f"%PDF-1.7 {number}".encode())
    with django_assert_num_queries(9):
        browser.get(PAGE)
