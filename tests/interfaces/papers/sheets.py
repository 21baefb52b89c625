"""Papers of the cast, made as a person asks for them, and what stands in them."""

from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from tests.cast import Cast, at
from tests.checkins import a_completed_checkin
from tests.records import a_signed_record, a_visit
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.book.models import Appointment
from unknot.journey.follow.actions import check_ins as follow

DAYS = 84


def text_of(paper: bytes) -> str:
    """Every word of a PDF, runs of blanks as one."""
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper)).pages]
    return " ".join(" ".join(pages).split())


def pages_of(paper: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(BytesIO(paper)).pages)


def a_session(cast: Cast) -> Appointment:
    """A signed record of today after a check-in with marks."""
    a_completed_checkin(cast.ana, practice=cast.practice, now=at(8))
    visit = a_visit(cast)
    a_signed_record(cast, visit)
    return visit


def some_months(cast: Cast, *, last: int = 0) -> None:
    """Daily ratings of twelve weeks, five weekly scores, three signed sessions.

    `last` shifts all of it that many days into the past.
    """
    for days in (-63, -42, -21):
        visit = a_visit(cast, start=at(12, days=days), now=at(9, days=days - 1))
        a_signed_record(cast, visit, now=at(13, 10, days=days))
    rows = [a_day(number, last=last) for number in range(DAYS) if number % 11 != 5]
    follow.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=at(8))
    for weeks, score in ((11, 7), (3, 5), (2, 4), (1, 4), (0, 4)):
        points = {"peg": dict.fromkeys(("peg_p", "peg_e", "peg_g"), score)}
        when = at(8) - timedelta(weeks=weeks, days=last)
        follow.save_weekly(cast.user("ana"), cast.ana, points=points, now=when)


def a_day(number: int, *, last: int = 0) -> DayRow:
    """One day: pain falls from 7 to 4 in steps, stress goes up and down."""
    return DayRow(
        line=number + 2,
        day=(at(8) - timedelta(days=DAYS - number + last)).date(),
        pain=7 - 3 * number // DAYS + number % 2,
        stress=4 + number % 4,
        sleep=6,
    )
