"""Server time and queries of each page of the path, beside a page that does nothing.

`./unknot bench pages [--rounds 40]` seeds the demonstration into a database of its own, opens each
page in this process with the whole stack of middleware, and prints the median. Before each opening
it opens the page that does nothing, so that a busy moment falls on both: read the ratio, which
moves little between machines and moments; milliseconds do.

Then it gives one client five years of weekly sessions and the practice a day of 20 therapists, and
opens the briefing and the day (95th percentile, with targets of 40 and 80 ms). `--busy` does only
this.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from unknot.project.commands import start

start.prepare_django(dict(os.environ))

from django.db import connection  # noqa: E402  # Django has to be set up first
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402
from django.urls import path, reverse  # noqa: E402

from benchmarks import busy  # noqa: E402
from unknot.journey.book.models import Appointment, Status  # noqa: E402
from unknot.journey.choose.models import Service  # noqa: E402
from unknot.journey.understand.models import CheckIn  # noqa: E402
from unknot.people.models import Client, User  # noqa: E402
from unknot.project.demo import answers, seed  # noqa: E402
from unknot.project.urls import urlpatterns as project_patterns  # noqa: E402

TARGET_MS = 30.0
PDF_MS = 300.0
#: The 95th percentile of the two heavy pages of staff.
BUSY_TARGETS_MS = {"briefing, 5 years": 40.0, "day, 20 therapists": 80.0}


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
        done = CheckIn.objects.filter(client=self.who, state="completed").latest("completed_at")
        self._keep(self.client, done)
        self.answering = Browser()
        said = answers.Said(
            age=40,
            marks={"cervical_l": 6, "upper_trap_l": 7},
            onset_days=100,
            peg=(6, 5, 5),
            phq4=(1, 1, 1, 0),
            stress=6,
            sleep=4,
            pressure=3,
            minutes=60,
        )
        self._keep(
            self.answering,
            answers.draft(self.who.practice, said, user=None, now=datetime.now(UTC)),
        )

    @staticmethod
    def _keep(browser: Browser, checkin: CheckIn) -> None:
        session = browser.session
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
    check_in = ["body", "story", "mind", "safety", "history", "wishes"]
    steps = [f"understand:{name}" for name in check_in]
    own: list[tuple[str, dict[str, Any]]] = [
        ("understand:result", {}),
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
        ("interfaces:paper-session", {"key": past.key}),
        ("interfaces:paper-form", {"key": coming.key}),
        ("follow:client-progress", {"key": people.who.key}),
    ]
    return [
        ("web:home", people.nobody, reverse("web:home")),
        ("understand:start", people.nobody, reverse("understand:start")),
        *[(name, people.answering, reverse(name)) for name in steps],
        *[(name, people.client, reverse(name, kwargs=known)) for name, known in own],
        *[(name, people.therapist, reverse(name, kwargs=known)) for name, known in staff],
        ("practice:call-backs", people.manager, reverse("practice:call-backs")),
        ("practice:settings", people.manager, reverse("practice:settings")),
    ]


def target_of(name: str) -> float:
    """How long a page, or a paper, may take, in milliseconds."""
    return PDF_MS if name.startswith("interfaces:paper-") else TARGET_MS


def processor_ms(call: Callable[[], object]) -> float:
    """The processor time of this process that one call took: waiting for others is not in it."""
    begun = time.process_time()
    call()
    return (time.process_time() - begun) * 1000


def milliseconds(call: Callable[[], object]) -> float:
    """How long one call took."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


@dataclass(frozen=True)
class Measured:
    status: int
    queries: int
    median: float
    p95: float
    processor: float  # the median, of this process alone
    nothing: float  # the median of the yardstick in the same moments


def measure(people: People, browser: Browser, address: str, rounds: int) -> Measured:
    """Open one page `rounds` times in turn with the yardstick, after three that warm up."""
    with CaptureQueriesContext(connection) as queries:
        status = browser.get(address).status_code
    asked = len(queries)  # read at once: the next request empties the log
    yardstick, times = [], []
    for _round in range(rounds + 3):
        yardstick.append(milliseconds(lambda: people.nobody.get("/nothing/")))
        times.append(milliseconds(lambda: browser.get(address)))
    spent = [processor_ms(lambda: browser.get(address)) for _round in range(rounds)]
    return Measured(
        status=status,
        queries=asked,
        median=statistics.median(times[3:]),
        p95=statistics.quantiles(times[3:], n=20)[-1],
        processor=statistics.median(spent),
        nothing=statistics.median(yardstick[3:]),
    )


def report(name: str, found: Measured) -> None:
    """Print one line of the table."""
    print(
        f"{name:<26}{found.status:>7}{found.queries:>9}{found.median:>11.2f}{found.p95:>9.2f}"
        f"{found.processor:>11.2f}"
        f"{found.nothing:>9.2f}{found.median / found.nothing:>8.1f}"
        f"{found.p95 / found.nothing:>8.1f}"
    )


def measure_busy(people: People, rounds: int) -> bool:
    """Fill five years and a day, open the briefing and the day; whether both answered in time."""
    visit = Appointment.objects.filter(client=people.who, status=Status.CONFIRMED).latest("start")
    logins = {role: email for role, email, _password in seed.LOGINS}
    manager = User.objects.get(email=logins["practice manager"])
    today = datetime.now(UTC).astimezone(people.who.practice.tz).date()
    with start.step(f"Writing {busy.WEEKS} weekly sessions"):
        busy.five_years(visit)
    with start.step(f"Booking a day of {busy.THERAPISTS} therapists"):
        busy.full_day(people.who.practice, manager, today)
    briefing = reverse("prepare:briefing", kwargs={"key": visit.key})
    well = True
    for name, browser, address in (
        ("briefing, 5 years", people.therapist, briefing),
        ("day, 20 therapists", people.manager, reverse("practice:day")),
        ("calendar, 20 therapists", people.manager, reverse("practice:calendar")),
    ):
        found = measure(people, browser, address, rounds)
        report(name, found)
        target = BUSY_TARGETS_MS.get(name)
        well &= found.status == 200
        if target is not None and found.p95 >= target:
            print(f"{name}: over its target of {target:.0f} ms at the 95th percentile.")
    return well


HEAD = (
    f"{'page':<26}{'status':>7}{'queries':>9}{'median ms':>11}{'p95 ms':>9}"
    f"{'processor':>11}{'nothing':>9}{'ratio':>8}{'p95':>8}"
)


def main() -> int:
    """Seed, measure, print; 1 when a page did not answer."""
    parser = argparse.ArgumentParser(prog="./unknot bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--busy", action="store_true", help="only the two heavy pages of staff")
    options = parser.parse_args()
    with start.step("Migrating"):
        start.migrate()
    with start.step("Seeding the demonstration"):
        seed.seed(now=datetime.now(UTC), progress=lambda text: None)
    with override_settings(ROOT_URLCONF="benchmarks.pages", ALLOWED_HOSTS=["testserver"]):
        people = People()
        print(HEAD)
        answered, slow = True, []
        for name, browser, address in [] if options.busy else pages(people):
            found = measure(people, browser, address, options.rounds)
            report(name, found)
            answered &= found.status == 200
            slow += [name] if found.median >= target_of(name) else []
        answered &= measure_busy(people, options.rounds)
    print(f"At or over {TARGET_MS:.0f} ms ({PDF_MS:.0f} for a PDF): {', '.join(slow) or 'none'}.")
    return 0 if answered else 1


if __name__ == "__main__":
    raise SystemExit(main())
