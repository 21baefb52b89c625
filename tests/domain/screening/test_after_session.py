"""After a session: what fires, in which words, and when soreness counts."""

import pytest

from unknot.domain.screening import catalogue
from unknot.domain.screening.after_session import AfterSession, after_session
from unknot.domain.screening.catalogue import Table
from unknot.domain.screening.clauses import Urgency
from unknot.domain.screening.decide import Fired

TABLE = catalogue.load()
NUMB = TABLE.red_flag("rf_neuro_progressive")


def changed(row_id: str, **update: object) -> Table:
    """The table with one row of the time after a session changed, unchecked."""
    rows = [
        row.model_copy(update=update) if row.id == row_id else row for row in TABLE.after_session
    ]
    return TABLE.model_copy(update={"after_session": tuple(rows)})


def found(table: Table, *events: str, soreness: int | None = None, hours: int = 24) -> AfterSession:
    return after_session(table, events=events, soreness=soreness, hours=hours)


def test_an_event_fires_the_red_flag_it_names_with_its_question() -> None:
    assert found(TABLE, "numb").fired == (
        Fired(
            id="as_numb",
            kind="after_session",
            version=1,
            because="rf_neuro_progressive",
            text=NUMB.question,
            urgency=Urgency.SAME_DAY,
        ),
    )
    assert NUMB.question


def test_an_event_with_words_of_its_own_is_told_in_them() -> None:
    (row,) = found(TABLE, "burn").fired
    assert (row.id, row.because, row.urgency) == ("as_burn", "burn", Urgency.SAME_DAY)
    assert row.text.startswith("cool running water for 20 minutes")


def test_soreness_is_its_own_reason() -> None:
    (row,) = found(TABLE, soreness=7, hours=72).fired
    assert (row.id, row.because, row.urgency) == ("as_sore", "soreness", Urgency.ADAPT)
    assert row.text == "tell the therapist; see a clinician if it does not settle"


@pytest.mark.parametrize(
    ("soreness", "hours", "fires"),
    [(7, 72, True), (10, 73, True), (6, 72, False), (7, 71, False), (None, 72, False)],
)
def test_soreness_counts_from_its_rating_and_its_hour(
    soreness: int | None, hours: int, fires: bool
) -> None:
    assert found(TABLE, soreness=soreness, hours=hours).adverse_event is fires


def test_soreness_without_an_hour_counts_from_the_first_minute() -> None:
    sore = next(row for row in TABLE.after_session if row.id == "as_sore")
    table = changed("as_sore", when=sore.when.model_copy(update={"hours": None}))
    assert [row.id for row in found(table, soreness=7, hours=0).fired] == ["as_sore"]


def test_the_highest_of_several_levels_wins() -> None:
    both = found(TABLE, "burn", "calf", soreness=9, hours=80)
    assert [row.id for row in both.fired] == ["as_calf", "as_burn", "as_sore"]
    assert both.urgency is Urgency.EMERGENCY_NOW


def test_a_row_that_names_neither_flag_nor_level_asks_for_nothing() -> None:
    (row,) = found(changed("as_burn", fire=None, urgency=None, text=""), "burn").fired
    assert (row.urgency, row.text) == (Urgency.NONE, "")


def test_nothing_noticed_sets_off_nothing() -> None:
    assert found(TABLE) == AfterSession(urgency=Urgency.NONE, fired=(), adverse_event=False)
