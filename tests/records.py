"""Plain builders of session records: a visit of today, a draft, a signed record."""

from datetime import datetime

from tests.appointments import a_recheck, an_appointment
from tests.cast import NOW, Cast, at
from unknot.domain.notes.soap import TreatedRegion
from unknot.journey.book.models import Appointment
from unknot.journey.session.actions import record as actions

NOON = at(12)
AFTER = at(13, 10)
TAGS = "<b>knot</b> & 'quote'"
ROWS = (
    TreatedRegion(region="cervical_l", technique="swedish", minutes=25, pressure=3),
    TreatedRegion(region="upper_trap_l", technique="trigger_point", minutes=15, pressure=2),
)
WHOLE = actions.Draft(
    subjective="Tight left side",
    objective="Firm, two tender spots",
    assessment="Fits long desk days",
    plan="Same again in ten days",
    pain_before=6,
    pain_after=4,
    tension_before=7,
    tension_after=3,
    treatments=ROWS,
    marks={"upper_trap_l": 6},
)


def a_visit(
    cast: Cast, *, start: datetime = NOON, now: datetime = NOW, said: str = "no"
) -> Appointment:
    """A confirmed appointment of Ana with Tess, today at noon unless told otherwise.

    Ana has said that nothing is new; with `said=""` nobody has asked.
    """
    visit = an_appointment(cast, start=start, now=now)
    if said:
        a_recheck(cast, visit, said=said, now=now)
    return visit


def a_draft(cast: Cast, visit: Appointment, *, now: datetime = AFTER) -> int:
    """A whole draft by Tess; returns its revision."""
    tess = cast.user("tess")
    return actions.save_draft(tess, visit, draft=WHOLE, revision=0, now=now).revision


def a_signed_record(cast: Cast, visit: Appointment, *, now: datetime = AFTER) -> None:
    """A record signed by Tess."""
    revision = a_draft(cast, visit, now=now)
    actions.sign(cast.user("tess"), visit, revision=revision, now=now)


def as_sent(draft: actions.Draft = WHOLE, *, revision: int = 0, **more: str) -> dict[str, str]:
    """What a browser sends for a draft."""
    texts = {name: getattr(draft, name) for name in actions.TEXTS}
    ratings = {name: getattr(draft, name) for name in actions.RATINGS}
    sent = texts | {name: "" if value is None else str(value) for name, value in ratings.items()}
    sent |= {"revision": str(revision), "row-TOTAL_FORMS": str(len(draft.treatments) + 1)}
    sent |= {"row-INITIAL_FORMS": "0", f"row-{len(draft.treatments)}-technique": "swedish"}
    for index, row in enumerate(draft.treatments):
        for name in ("region", "technique", "minutes", "pressure"):
            sent[f"row-{index}-{name}"] = str(getattr(row, name))
    sent |= {f"mark-{region}": str(level) for region, level in draft.marks.items()}
    return sent | more
