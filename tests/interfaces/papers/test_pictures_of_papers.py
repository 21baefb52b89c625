"""The pictures of docs/explanation/papers.md; UNKNOT_PICTURES=write keeps new ones."""

import os
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.appointments import an_appointment
from tests.cast import NOW, Cast, at
from tests.checkins import a_completed_checkin
from tests.interfaces.papers.sheets import some_months
from tests.records import AFTER, a_visit
from unknot.domain.notes.soap import TreatedRegion
from unknot.interfaces.papers import actions, consent, figure, report, session, typeset
from unknot.journey.book.reads import booked
from unknot.journey.session.actions import record
from unknot.people.models import Origin

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "pictures"
LARGEST = 120_000
PPI = 80
COLOURS = 128

TREATED = (
    ("cervical_l", "swedish", 15, 3),
    ("upper_trap_l", "trigger_point", 10, 3),
    ("upper_trap_r", "swedish", 10, 2),
    ("lumbar_l", "myofascial_release", 12, 2),
)
DRAFT = record.Draft(
    subjective="Stiff in the morning, worse after long calls.",
    objective="Upper trapezius firm on the left, easier after slow work.",
    assessment="Fits long desk days. Nothing new since the check-in.",
    plan="Shorter holds on the left side next time.\nTwo breaks a day away from the desk.",
    pain_before=6,
    pain_after=4,
    tension_before=7,
    tension_after=4,
    treatments=tuple(
        TreatedRegion(region=region, technique=technique, minutes=minutes, pressure=pressure)
        for region, technique, minutes, pressure in TREATED
    ),
    marks={"upper_trap_l": 7, "cervical_l": 5},
)


def a_session_paper(cast: Cast) -> Mapping[str, Any]:
    """The client's paper of a session with four places."""
    marks = {"upper_trap_l": 7, "cervical_l": 5, "lumbar_l": 3}
    visit, tess = a_visit(cast), cast.user("tess")
    a_completed_checkin(cast.ana, practice=cast.practice, marks=marks, now=at(9))
    revision = record.save_draft(tess, visit, draft=DRAFT, revision=0, now=AFTER).revision
    record.sign(tess, visit, revision=revision, now=AFTER)
    return session.content(actions.open_session(cast.user("ana"), visit, now=NOW), now=NOW)


def a_report_paper(cast: Cast) -> Mapping[str, Any]:
    """Everything of twelve simulated weeks."""
    cast.ana.origin = Origin.SIMULATED
    cast.ana.save(update_fields=["origin"])
    some_months(cast)
    made = actions.release_report(
        cast.user("ana"), cast.ana, parts=actions.PARTS, weeks=12, now=NOW
    )
    return report.content(made, now=NOW)


def a_form_paper(cast: Cast) -> Mapping[str, Any]:
    """The form for an appointment on Monday."""
    return consent.content("Lindenweg", now=NOW, booked=booked.row(an_appointment(cast)))


def a_figure_paper(cast: Cast) -> Mapping[str, Any]:
    """The blank figure."""
    return figure.content("Lindenweg", now=NOW)


MADE = {
    "session": a_session_paper,
    "report": a_report_paper,
    "form": a_form_paper,
    "figure": a_figure_paper,
}


def keep(drawn: bytes, file: Path) -> None:
    """Write a picture with a small palette: paper, ink and a few tints are all there is."""
    whole = Image.open(BytesIO(drawn)).convert("RGB")
    small = whole.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


@pytest.mark.parametrize("paper", MADE)
def test_the_first_page_of_each_paper(
    cast: Cast, now: datetime, tmp_path: Path, paper: typeset.Paper
) -> None:
    folder = FOLDER if os.environ.get("UNKNOT_PICTURES") == "write" else tmp_path
    picture = folder / f"paper-{paper}.png"
    keep(typeset.picture(paper, MADE[paper](cast), now=now, ppi=PPI), picture)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert 10_000 < picture.stat().st_size <= LARGEST


def test_the_pictures_in_the_docs_are_small() -> None:
    kept = sorted(FOLDER.glob("paper-*.png"))
    assert [one.stem.removeprefix("paper-") for one in kept] == sorted(MADE)
    assert all(one.stat().st_size <= LARGEST for one in kept)
