"""One's own account: what was agreed to, in which words, taken back in one press, and who read."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tests.cast import NOW, Cast
from tests.checkins import a_completed_checkin
from unknot.domain import consents
from unknot.journey.understand import reads as understand
from unknot.people import access
from unknot.people.actions import agree, withdraw_consent
from unknot.people.models import AuditEntry, Consent, Purpose

pytestmark = pytest.mark.usefixtures("now")
PAGE = reverse("people:account")


@pytest.fixture
def ana(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.user("ana"))
    return client


def shown(browser: Browser) -> str:
    return unescape(browser.get(PAGE).content.decode())


def part(page: str, purpose: Purpose) -> str:
    """The card of one purpose."""
    return page.split(f'aria-labelledby="{purpose.value}"')[1].split("</article>")[0]


def state(card: str) -> str:
    """The words of the tag beside the title."""
    return card.split('<span class="tag')[1].split("</span>")[0].split("</svg>")[-1].strip()


def press(browser: Browser, purpose: Purpose, **sent: str) -> int:
    return browser.post(reverse("people:consent", args=[purpose.value]), sent).status_code


def newest(purpose: Purpose) -> str:
    return str(consents.load().newest(purpose).version)


def an_old_agreement(cast: Cast, purpose: Purpose) -> Consent:
    given = NOW - timedelta(days=30)
    return Consent.objects.create(client=cast.ana, purpose=purpose, version=1, given_at=given)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_each_purpose_shows_its_text_its_state_its_day_and_its_version(
    ana: Browser, cast: Cast, purpose: Purpose
) -> None:
    before = part(shown(ana), purpose)
    assert state(before) == "not agreed"
    assert consents.load().newest(purpose).text in before
    assert "You have not agreed to this." in before
    agree(cast.user("ana"), cast.ana, purpose, now=NOW)
    after = part(shown(ana), purpose)
    assert state(after) == ("agreed" if purpose == Purpose.CARE else "agreed, but paused")
    assert f"You agreed on 27 March 2026 (version {newest(purpose)} of the text)." in after
    assert "You have not agreed to this." not in after


@pytest.mark.parametrize("purpose", list(Purpose))
def test_one_press_takes_it_back_and_one_press_gives_it_again(
    ana: Browser, cast: Cast, purpose: Purpose
) -> None:
    for one in Purpose:
        agree(cast.user("ana"), cast.ana, one, now=NOW)
    assert press(ana, purpose, agree="no") == 302
    assert not access.consents_to(cast.ana, purpose)
    assert "You took this back on 27 March 2026." in part(shown(ana), purpose)
    assert "<td>took an agreement back</td>" in shown(ana)
    assert press(ana, purpose, agree="yes", version=newest(purpose)) == 302
    assert access.consents_to(cast.ana, purpose)
    rows = AuditEntry.objects.filter(client=cast.ana).order_by("pk")[len(Purpose) :]
    assert [row.action for row in rows] == ["consent.withdrawn", "consent.given"]
    assert {row.actor for row in rows} == {cast.user("ana")}


def test_every_button_is_a_form_of_its_own_and_needs_no_script(ana: Browser, cast: Cast) -> None:
    agree(cast.user("ana"), cast.ana, Purpose.CARE, now=NOW)
    page = shown(ana)
    for purpose in Purpose:
        action = reverse("people:consent", args=[purpose.value])
        assert page.count(f'method="post" action="{action}"') == 1
    assert "hx-" not in part(page, Purpose.CARE)


def test_a_changed_text_is_shown_beside_the_one_that_was_agreed_to(
    ana: Browser, cast: Cast
) -> None:
    old = an_old_agreement(cast, Purpose.CARE)
    card = part(shown(ana), Purpose.CARE)
    assert state(card) == "agreed, the text has changed"
    first = consents.load().text(Purpose.CARE, 1)
    assert "You agreed to version 1 on 25 February 2026. The text has changed since." in card
    assert first.title in card
    assert first.text in card
    assert consents.load().newest(Purpose.CARE).text in card
    assert "I agree to the new text" in card
    assert "Take this back" in card
    press(ana, Purpose.CARE, agree="yes", version=newest(Purpose.CARE))
    card = part(shown(ana), Purpose.CARE)
    assert first.text not in card
    assert "The text has changed" not in card
    old.refresh_from_db()
    assert old.withdrawn_at == NOW


def test_an_old_agreement_is_taken_back_in_one_press_too(ana: Browser, cast: Cast) -> None:
    an_old_agreement(cast, Purpose.CARE)
    assert access.consents_to(cast.ana, Purpose.CARE)
    press(ana, Purpose.CARE, agree="no")
    assert not access.consents_to(cast.ana, Purpose.CARE)


@pytest.mark.parametrize("version", ["1", "", "99", "²", "-2", "9" * 400])
def test_a_page_that_grew_old_records_nothing(ana: Browser, cast: Cast, version: str) -> None:
    assert press(ana, Purpose.SHARE_MIND, agree="yes", version=version) == 409
    assert not Consent.objects.exists()


def test_taking_back_the_use_of_answers_stops_booking_until_it_is_given_again(
    ana: Browser, cast: Cast
) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    understand.check_screened(checkin, now=NOW)
    press(ana, Purpose.CARE, agree="no")
    page = shown(ana)
    assert "nothing new can be booked until you agree again, here" in part(page, Purpose.CARE)
    assert "Nothing of it is shown" in part(page, Purpose.SHARE_BODY)
    with pytest.raises(understand.ConsentWithdrawn):
        understand.check_may_book(checkin, "swedish", now=NOW)
    assert not access.consents_to(cast.ana, Purpose.SHARE_BODY)
    a_completed_checkin(None, practice=cast.practice)  # somebody else's changes nothing
    with pytest.raises(understand.ScreeningMissing):
        understand.check_screened(checkin, now=NOW)
    fresh = a_completed_checkin(cast.ana, practice=cast.practice, now=NOW + timedelta(hours=1))
    understand.check_may_book(fresh, "swedish", now=NOW + timedelta(hours=1))
    assert access.consents_to(cast.ana, Purpose.SHARE_BODY)


def test_taking_back_one_share_leaves_booking_open(ana: Browser, cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice)
    for purpose in (Purpose.SHARE_SAFETY, Purpose.SHARE_BODY, Purpose.SHARE_MIND):
        withdraw_consent(cast.user("ana"), cast.ana, purpose, now=NOW)
    understand.check_may_book(checkin, "swedish", now=NOW)


@pytest.mark.parametrize("name", ["tess", "paz", "opal"])
def test_staff_see_no_consents_on_their_account_and_press_nothing(
    client: Browser, cast: Cast, name: str
) -> None:
    client.force_login(cast.user(name))
    assert "What you agreed to" not in shown(client)
    assert press(client, Purpose.CARE, agree="yes", version=newest(Purpose.CARE)) == 404


def test_an_unknown_purpose_is_not_found(ana: Browser) -> None:
    assert ana.post(reverse("people:consent", args=["marketing"])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_history(
    ana: Browser, cast: Cast, django_assert_num_queries: object
) -> None:
    for hours in range(4):
        moment = NOW + timedelta(hours=hours)
        for purpose in Purpose:
            agree(cast.user("ana"), cast.ana, purpose, now=moment)
            withdraw_consent(cast.user("ana"), cast.ana, purpose, now=moment)
    with django_assert_num_queries(8):  # type: ignore[operator]
        ana.get(PAGE)
