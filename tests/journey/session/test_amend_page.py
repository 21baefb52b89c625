"""Adding to a signed record."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import Cast
from tests.records import AFTER, TAGS, a_draft, a_signed_record, a_visit
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions
from unknot.journey.session.models import Amendment, SessionNote
from unknot.people.models import AuditEntry
from unknot.web.errors import Denied


@pytest.fixture
def visit(cast: Cast, now: object) -> Appointment:
    return a_visit(cast)


@pytest.fixture
def tess(cast: Cast, client: Browser) -> Browser:
    client.force_login(cast.user("tess"))
    return client


def page(visit: Appointment) -> str:
    return reverse("session:amend", args=[visit.key])


def test_the_text_stands_beside_the_note_with_name_and_time(
    tess: Browser, cast: Cast, visit: Appointment
) -> None:
    a_signed_record(cast, visit)
    before = SessionNote.objects.values().get()
    text = tess.post(page(visit), {"text": TAGS}, follow=True).content.decode()
    assert "&lt;b&gt;knot&lt;/b&gt; &amp; &#x27;quote&#x27;" in text
    assert TAGS not in text
    assert SessionNote.objects.values().get() == before
    assert Amendment.objects.get().author == cast.user("tess")
    assert AuditEntry.objects.filter(action="record.amended").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 5001])
def test_no_text_or_too_much_is_refused(
    tess: Browser, cast: Cast, visit: Appointment, text: str
) -> None:
    a_signed_record(cast, visit)
    answer = tess.post(page(visit), {"text": text})
    assert answer.status_code == 422
    assert text.strip() in answer.content.decode()
    assert not Amendment.objects.exists()


def test_a_draft_is_written_and_not_amended(tess: Browser, cast: Cast, visit: Appointment) -> None:
    assert tess.post(page(visit), {"text": "More"}).status_code == 409
    a_draft(cast, visit)
    assert tess.post(page(visit), {"text": "More"}).status_code == 409
    assert tess.post(page(visit), {"text": ""}).status_code == 409
    assert not Amendment.objects.exists()


def test_only_the_author_may_add(cast: Cast, visit: Appointment) -> None:
    a_signed_record(cast, visit)
    for who in ("theo", "paz"):
        with pytest.raises(Denied):
            actions.amend(cast.user(who), visit, text="More", now=AFTER)
    assert not Amendment.objects.exists()


@pytest.mark.parametrize("who", ["ana", "ben", "theo", "paz", "finn", "uma", "opal"])
def test_nobody_else_learns_of_it(
    client: Browser, cast: Cast, visit: Appointment, who: str
) -> None:
    a_signed_record(cast, visit)
    client.force_login(cast.user(who))
    assert client.post(page(visit), {"text": "More"}).status_code == 404
    assert not Amendment.objects.exists()


def test_a_stranger_signs_in_first(client: Browser, visit: Appointment) -> None:
    assert client.post(page(visit))["Location"].startswith("/accounts/login/")


def test_it_is_not_a_page_to_open(tess: Browser, visit: Appointment) -> None:
    assert tess.get(page(visit)).status_code == 405
