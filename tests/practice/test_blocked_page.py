"""The block list: managers alone keep it, staff alone read why, and it ends."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from unknot.journey.book.actions import blocks
from unknot.journey.book.models import BlockedPerson
from unknot.people.models import AuditEntry

pytestmark = pytest.mark.usefixtures("now")
LIST = reverse("practice:blocked")


def browser_of(cast: Cast, name: str) -> Browser:
    browser = Browser()
    browser.force_login(cast.user(name))
    return browser


def test_a_mail_address_and_a_number_go_on_the_list(cast: Cast) -> None:
    paz = browser_of(cast, "paz")
    sent = {"email": "Ex@Example.org", "phone": "030 99", "reason": "Shouted at Finn"}
    for _press in range(2):
        assert paz.post(LIST, sent).status_code == 302
    made = BlockedPerson.objects.get()
    assert (made.email, made.phone, made.by, made.since) == (
        "ex@example.org", "030 99", cast.paz, NOW,
    )  # fmt: skip
    page = paz.get(LIST).content.decode()
    assert "ex@example.org" in page
    assert "Shouted at Finn" in page


def test_a_client_goes_on_the_list_and_does_not_read_of_it(cast: Cast) -> None:
    paz = browser_of(cast, "paz")
    address = f"{LIST}?client={cast.ana.key}"
    assert "Put Ana on the list" in paz.get(address).content.decode()
    assert paz.post(address, {"reason": "Never came"}).status_code == 302
    assert BlockedPerson.objects.get().client == cast.ana
    account = browser_of(cast, "ana").get(reverse("people:account")).content.decode()
    assert "Never came" not in account
    row = AuditEntry.objects.get(action="block.added")
    assert (row.client, row.reason) == (None, "")


@pytest.mark.parametrize(
    "sent", [{}, {"reason": "x"}, {"email": "a@b.de"}, {"phone": "abc", "reason": "x"}]
)
def test_whom_and_why_are_needed(cast: Cast, sent: dict[str, str]) -> None:
    assert browser_of(cast, "paz").post(LIST, sent).status_code == 422
    assert not BlockedPerson.objects.exists()


def test_an_entry_ends_once_and_stays_in_the_table(cast: Cast) -> None:
    made = blocks.block(cast.paz, cast.practice, email="a@b.de", reason="x", now=NOW)
    paz = browser_of(cast, "paz")
    for _press in range(2):
        assert paz.post(reverse("practice:block-end", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.ended_at == NOW
    assert AuditEntry.objects.filter(action="block.ended").count() == 1
    assert "a@b.de" not in paz.get(LIST).content.decode()


@pytest.mark.parametrize(("name", "status"), [("finn", 403), ("tess", 403), ("ana", 404)])
def test_nobody_else_reads_or_changes_it(cast: Cast, name: str, status: int) -> None:
    made = blocks.block(cast.paz, cast.practice, email="a@b.de", reason="x", now=NOW)
    browser = browser_of(cast, name)
    end = reverse("practice:block-end", args=[made.pk])
    # a client without a check-in is led to it from pages of clients; these are not such pages
    assert browser.get(LIST).status_code == status
    assert browser.post(end).status_code == status
    made.refresh_from_db()
    assert made.ended_at is None


def test_entries_and_clients_of_other_practices_are_not_there(cast: Cast) -> None:
    made = blocks.block(cast.paz, cast.practice, email="a@b.de", reason="x", now=NOW)
    BlockedPerson.objects.update(practice=cast.other_practice)
    paz = browser_of(cast, "paz")
    assert paz.post(reverse("practice:block-end", args=[made.pk])).status_code == 404
    assert "a@b.de" not in paz.get(LIST).content.decode()
    assert paz.get(f"{LIST}?client=x").status_code == 404
