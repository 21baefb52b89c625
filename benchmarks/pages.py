"""Server time and queries of each page of the path, beside a page that does nothing.

`./unknot bench pages [--rounds 40]` seeds the demonstration into a database of its own, opens each
page in this process with the whole stack of middleware, and prints the median. Read the ratio: it
is measured in the same run and moves little between machines; milliseconds do.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from unknot.project.commands import start

start.prepare_django(dict(os.environ))

from django.db import connection  # noqa: E402  # Django has to be set up first
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import path, reverse  # noqa: E402
from unknot.project.demo import seed  # noqa: E402

from unknot.journey.book.models import Appointment, Status  # noqa: E402
from unknot.journey.choose.models import Service  # noqa: E402
from unknot.journey.understand.models import CheckIn  # noqa: E402
from unknot.people.models import Client, User  # noqa: E402
from unknot.project.urls import urlpatterns as project_patterns  # noqa: E402

TARGET_MS = 30.0


def nothing(request: HttpRequest) -> HttpResponse:
    """The yardstick: routing, middleware and an answer."""
    return HttpResponse("nothing")


urlpatterns = [*project_patterns, path("nothing/", nothing, name="nothing")]


class People:
    """The browsers of the demonstration: nobody, the client with a check-in, the therapist."""

    def __init__(self) -> None:
        self.nobody = Browser()
        logins = {role: email for role, email, _password in seed.LOGINS}
        self.client = self._signed_in(logins["client"])
        self.therapist = self._signed_in(logins["therapist"])
        self.manager = self._signed_in(logins["practice manager"])
        self.who = Client.objects.get(user__email=logins["client"])
        checkin = CheckIn.objects.filter(client=self.who, state="completed").latest("completed_at")
        session = self.client.session
        session["checkin"] = str(checkin.key)
        session.save()

    @staticmethod
    def _signed_in(email: str) -> Browser:
        browser = Browser()
        browser.force_login(User.objects.get(email=email))
        return browser


def pages(people: People) -> list[tuple[str, Browser, str]]:
    """Each page of the path with the browser that opens it."""
    coming = Appointment.objects.filter(client=people.who, status=Status.CONFIRMED).latest("start")
    past = Appointment.objects.filter(client=people.who, status=Status.ATTENDED).latest("start")
    therapist = coming.therapist
    service = Service.objects.filter(therapists=therapist, technique="swedish").first()
    assert service is not None
    check_in = ["body", "story", "mind", "safety", "history", "wishes", "result"]
    own: list[tuple[str, dict[str, Any]]] = [
        *[(f"understand:{name}", {}) for name in check_in],
        ("choose:techniques", {}),
        ("choose:technique", {"technique": "swedish"}),
        ("choose:therapists", {}),
        ("choose:therapist", {"slug": therapist.slug}),
        ("book:slots", {"slug": therapist.slug, "service": service.pk}),
        ("book:appointments", {}),
        ("book:appointment", {"key": coming.key}),
        ("prepare:prepare", {"key": coming.key}),
        ("follow:daily", {}),
        ("follow:progress", {}),
        ("people:account", {}),
    ]
    staff: list[tuple[str, dict[str, Any]]] = [
        ("practice:day", {}),
        ("prepare:briefing", {"key": past.key}),
        ("session:record", {"key": past.key}),
        ("follow:client-progress", {"key": people.who.key}),
    ]
    return [
        ("web:home", people.nobody, reverse("web:home")),
        ("understand:start", people.nobody, reverse("understand:start")),
        *[(name, people.client, reverse(name, kwargs=known)) for name, known in own],
        *[(name, people.therapist, reverse(name, kwargs=known)) for name, known in staff],
        ("practice:call-backs", people.manager, reverse("practice:call-backs")),
        ("practice:settings", people.manager, reverse("practice:settings")),
    ]


def milliseconds(call: Callable[[], object], rounds: int) -> float:
    """The median of `rounds` calls after three that warm up."""
    times = []
    for round_ in range(rounds + 3):
        begun = time.perf_counter()
        call()
        if round_ >= 3:
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def measure(browser: Browser, address: str, rounds: int) -> tuple[int, int, float]:
    """Status, number of queries and median milliseconds of one page."""
    with CaptureQueriesContext(connection) as queries:
        status = browser.get(address).status_code
    return status, len(queries), milliseconds(lambda: browser.get(address), rounds)


def main() -> int:
    """Seed, measure, print; 1 when a page did not answer."""
    parser = argparse.ArgumentParser(prog="./unknot bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with start.step("Migrating"):
        start.migrate()
    with start.step("Seeding the demonstration"):
        seed.seed(now=datetime.now(UTC), progress=lambda text: None)
    with override_settings(ROOT_URLCONF="benchmarks.pages", ALLOWED_HOSTS=["testserver"]):
        people = People()
        _status, _queries, base = measure(people.nobody, "/nothing/", options.rounds)
        print(f"{'page':<26}{'status':>7}{'queries':>9}{'median ms':>11}{'ratio':>8}")
        print(f"{'(nothing)':<26}{200:>7}{0:>9}{base:>11.2f}{1:>8.1f}")
        answered, slow = True, []
        for name, browser, address in pages(people):
            status, queries, median = measure(browser, address, options.rounds)
            print(f"{name:<26}{status:>7}{queries:>9}{median:>11.2f}{median / base:>8.1f}")
            answered &= status == 200
            slow += [name] if median >= TARGET_MS else []
    print(f"At or over {TARGET_MS:.0f} ms: {', '.join(slow) or 'none'}.")
    return 0 if answered else 1


if __name__ == "__main__":
    raise SystemExit(main())
