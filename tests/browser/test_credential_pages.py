"""A therapist tells and proves a credential, the manager checks it: on phone and screen."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import COLOURS
from tests.browser.test_each_page import SETTLED
from tests.browser.visitor import NARROWEST, Visitor
from tests.cast import TODAY, Cast
from tests.journey.choose.listing import a_credential, a_document
from tests.journey.choose.test_credentials_action import a_row
from unknot.journey.choose.models import Credential, CredentialDocument

TOLD = {"method": "self", "status": "unknown", "checked_on": None, "checked_by": None}


def a_scan(content: bytes | None = None) -> FilePayload:
    """A picture as a phone would send it."""
    kept = BytesIO()
    Image.new("RGB", (60, 40), "white").save(kept, "PNG")
    return {"name": "scan.png", "mimeType": "image/png", "buffer": content or kept.getvalue()}


def looked_at(visitor: Visitor, axe: Callable[..., None], name: str) -> None:
    """Look by light, then at the colours by dark."""
    visitor.look(name)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.evaluate(SETTLED)
    axe(visitor.page, rules=COLOURS)
    visitor.page.emulate_media(color_scheme="light")
    visitor.page.evaluate(SETTLED)


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_from_the_own_word_to_the_badge(
    open_page: Callable[..., Page], people: Cast, axe: Callable[..., None], width: int
) -> None:
    tess = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("tess")
    tess.go("/practice/credentials/")
    looked_at(tess, axe, "credentials-empty")
    tess.press("Add the credential")
    looked_at(tess, axe, "credentials-wrong")
    tess.fill("title", "Massage licence").fill("number", "MT-12").fill("jurisdiction", "US-CO")
    tess.press("Add the credential")
    tess.press("Change, or add documents Massage licence")
    tess.page.set_input_files("[name=file]", a_scan(b"GIF89a"))
    tess.press("Add the document")
    expect(tess.main).to_contain_text("This is not a PDF, JPEG or PNG file")
    looked_at(tess, axe, "credential-refused")
    tess.page.set_input_files("[name=file]", a_scan())
    tess.press("Add the document")
    expect(tess.main).to_contain_text("Kept, written anew without hidden data.")
    looked_at(tess, axe, "credential-with-document")
    a_row()
    paz = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("paz")
    paz.go("/practice/team/").press("Check Tess, Massage licence")
    looked_at(paz, axe, "check")
    with paz.page.expect_download() as opened:
        paz.main.get_by_role("link", name="Open the PNG").click()
    assert opened.value.suggested_filename.startswith("credential-")
    paz.press("Record the check")
    looked_at(paz, axe, "check-wrong")
    paz.choose("method", "register").fill("source", "The board of Colorado")
    paz.choose("matched", "number").choose("matched", "name").choose("discipline", "none")
    paz.page.select_option("[name=status]", "active")
    paz.press("Record the check").at("Team credentials")
    expect(paz.main).to_contain_text("Active on the register, checked 27 March 2026")
    looked_at(paz, axe, "team-checked")
    assert Credential.objects.get().checked_by == people.paz
    tess.go("/practice/credentials/")
    expect(tess.main).to_contain_text("The check holds until 25 June 2026")


@pytest.mark.parametrize("width", [NARROWEST, 1280])
def test_every_state_of_the_lists(
    open_page: Callable[..., Page], people: Cast, axe: Callable[..., None], width: int
) -> None:
    a_credential(
        people.tess,
        status="probation",
        discipline="present",
        discipline_on=TODAY,
        discipline_url="https://board.example/a-very-long-address/" + "x" * 200,
        scope_notes="No work on the neck without supervision.",
        expires_on=TODAY + timedelta(days=7),
    )
    a_credential(people.tess, number="N" * 60, title="T" * 160, **TOLD)
    a_credential(people.theo, status="revoked")
    a_credential(people.theo, kind="insurance", status="no_register", method="document")
    a_document(people.theo)
    paz = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("paz")
    paz.go("/practice/team/")
    looked_at(paz, axe, "team")
    paz.choose("kinds", "insurance").press("Save what is required")
    expect(paz.main.get_by_role("alert")).to_be_in_viewport()
    looked_at(paz, axe, "team-would-close")
    opal = Visitor(open_page(width=width, color_scheme="light"), axe).sign_in("opal")
    for which in ("never", "all"):
        opal.go(f"/credentials/?which={which}")
        looked_at(opal, axe, f"operator-{which}")
    nobody = Visitor(open_page(width=width, color_scheme="light"), axe)
    nobody.go("/therapists/tess/")
    looked_at(nobody, axe, "public-credentials")


def test_a_file_that_is_far_too_large_gets_a_page(
    phone: Page, people: Cast, tmp_path: Path
) -> None:
    paper, large = a_credential(people.tess, **TOLD), tmp_path / "scan.png"
    large.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * (15 * 1024 * 1024))
    tess = Visitor(phone).sign_in("tess")
    tess.go(f"/practice/credentials/{paper.key}/")
    phone.set_input_files("[name=file]", large)
    tess.press("Add the document").at("This is too much at once")
    assert not CredentialDocument.objects.exists()
