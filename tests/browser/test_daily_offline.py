"""A day answered without a network arrives once, on its own day, and leaves nothing behind."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Clock
from tests.browser.visitor import Visitor
from tests.cast import NOW, TODAY, Cast
from unknot.journey.follow.models import ArrivedAnswer, DailyCheckIn

KEPT = "Kept on this phone; sent when there is a network."
LEFT = "Object.keys(localStorage).filter(one => one.startsWith('unknot-draft')).length"
READY = """async () => {
  const one = await navigator.serviceWorker.ready;
  while (one.active.state !== 'activated') await new Promise(done => setTimeout(done, 20));
}"""


@pytest.fixture
def ana(phone: Page, people: Cast) -> Visitor:
    """Ana at the questions of the day, whose shell her phone has kept."""
    phone.clock.install(time=NOW)
    visitor = Visitor(phone).sign_in("ana").go("/daily/")
    phone.evaluate(READY)
    return visitor


def says(ana: Visitor, words: str) -> None:
    expect(ana.page.locator("[data-banner]")).to_contain_text(words)


def left(ana: Visitor) -> int:
    return int(ana.page.evaluate(LEFT))


def answer(ana: Visitor, pain: int) -> None:
    ana.choose("pain", pain)
    ana.main.get_by_role("button", name="Save today").click()


def test_two_days_without_a_network_arrive_once_each(ana: Visitor, clock: Clock) -> None:
    ana.page.context.set_offline(True)
    ana.page.goto("/daily/")
    expect(ana.main).to_contain_text("There is no network now.")
    answer(ana, 6)
    says(ana, KEPT)
    ana.page.clock.set_fixed_time(NOW + timedelta(days=1))
    clock.move(NOW + timedelta(days=1))
    ana.page.goto("/daily/")
    answer(ana, 3)
    says(ana, "2 days are kept on this phone")
    assert left(ana) == 2
    assert not DailyCheckIn.objects.exists()
    ana.page.context.set_offline(False)
    ana.page.evaluate("window.dispatchEvent(new Event('online'))")
    says(ana, "Sent: nothing is kept on this phone any more.")
    days = DailyCheckIn.objects.order_by("day").values_list("day", "pain")
    assert list(days) == [(TODAY, 6), (TODAY + timedelta(days=1), 3)]
    assert ArrivedAnswer.objects.count() == 2
    assert left(ana) == 0


def test_signing_out_waits_for_answers_and_then_empties_the_phone(ana: Visitor) -> None:
    ana.page.context.set_offline(True)
    answer(ana, 5)
    says(ana, KEPT)
    ana.page.context.route("**/daily/kept/", lambda route: None)  # it is never answered
    ana.page.context.set_offline(False)  # the page would send at once, before signing out asks
    ana.page.goto("/accounts/logout/")
    expect(ana.main).to_contain_text("Something on this device was not sent yet")
    ana.page.context.unroute("**/daily/kept/")
    ana.main.get_by_role("button", name="Send now").click()
    expect(ana.main.get_by_role("button", name="Sign out")).to_be_enabled()
    assert DailyCheckIn.objects.get().pain == 5
    ana.main.get_by_role("button", name="Sign out").click()
    ana.page.wait_for_url(lambda url: "logout" not in url)
    assert ana.page.evaluate("localStorage.length") == 0
    ana.page.wait_for_function("async () => (await caches.keys()).length === 0")
