"""An imported series: kept whole, imported again without doubling, never over own answers."""

from datetime import timedelta

import pytest

from tests.cast import NOW, TODAY, Cast
from unknot.interfaces.checkins.daily_csv import DayRow
from unknot.journey.follow.actions import check_ins as actions
from unknot.journey.follow.models import DailyCheckIn, SeriesImport
from unknot.web.errors import BadInput


def row(back: int, pain: float) -> DayRow:
    return DayRow(line=back, day=TODAY - timedelta(days=back), pain=pain, stress=None, sleep=None)


def keep(cast: Cast, *rows: DayRow) -> SeriesImport:
    return actions.import_days(cast.ana, rows, file_name="days.csv", actor=None, now=NOW)


def test_importing_again_replaces_what_was_imported(cast: Cast) -> None:
    keep(cast, row(1, 3.33), row(2, 4))
    keep(cast, row(1, 5))
    pains = DailyCheckIn.objects.order_by("day").values_list("pain", flat=True)
    assert [float(pain) for pain in pains] == [4, 5]


def test_a_day_the_person_answered_is_never_replaced(cast: Cast) -> None:
    ana = cast.user("ana")
    actions.save_daily(ana, cast.ana, pain=2, stress=None, sleep=None, now=NOW)
    with pytest.raises(BadInput, match="2026-03-27 was already answered"):
        keep(cast, row(0, 9), row(1, 9))
    assert DailyCheckIn.objects.get().pain == 2
    assert not SeriesImport.objects.exists()


def test_an_imported_day_names_no_version(cast: Cast) -> None:
    keep(cast, row(1, 3))
    day = DailyCheckIn.objects.get()
    assert (day.versions, day.language) == ({}, "")


def test_no_row_is_no_import(cast: Cast) -> None:
    with pytest.raises(BadInput, match="no row"):
        keep(cast)
