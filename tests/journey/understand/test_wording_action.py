"""Recording and withdrawing a practice's own wording, without a form in front."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from tests.cast import NOW, Cast, the_cast
from unknot.domain.instruments.wording import Wording
from unknot.journey.understand import wordings
from unknot.journey.understand.actions import wording as actions
from unknot.journey.understand.models import LicensedWording
from unknot.people.models import AuditEntry
from unknot.web.errors import BadInput, Denied, Missing

WHO5 = tuple(f"who5_{number}" for number in range(1, 6))


def a_wording(word: str = "Neutral", **changed: Any) -> Wording:
    values = {
        "items": {name: f"{word} {name}" for name in WHO5},
        "licence": "Example holder 12",
        "language": "en",
    }
    return Wording(**values | changed)


def record(cast: Cast, wording: Wording, *, by: str = "paz", **changed: Any) -> LicensedWording:
    values = {"instrument": "who5", "replaces": None, "now": NOW}
    return actions.record_wording(cast.user(by), cast.practice, wording=wording, **values | changed)


@pytest.mark.parametrize(
    ("wording", "sentence"),
    [
        (a_wording(items={"who5_1": "only one"}), "needs a text for item who5_2"),
        (a_wording(items=dict.fromkeys((*WHO5, "who5_6"), "x")), "has no item who5_6"),
        (a_wording(items=dict.fromkeys(WHO5, "x" * 501)), "at most 500 are allowed"),
        (a_wording(options={0: "never"}), "needs a text for answer 1"),
        (a_wording(licence=" "), "The text of the licence line is empty."),
        (a_wording(licence="x" * 301), "at most 300 letters"),
        (a_wording(language="english!"), "as a short code"),
    ],
)
def test_a_wording_that_does_not_fit_is_refused_with_its_sentence(
    cast: Cast, wording: Wording, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        record(cast, wording)
    assert not LicensedWording.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="wording.").exists()


@pytest.mark.parametrize(("by", "refusal"), [("tess", Denied), ("finn", Denied), ("uma", Missing)])
def test_only_a_manager_records_and_withdraws(
    cast: Cast, by: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        record(cast, a_wording(), by=by)
    record(cast, a_wording())
    with pytest.raises(refusal):
        actions.withdraw_wording(cast.user(by), cast.practice, instrument="who5", now=NOW)
    assert LicensedWording.objects.get().withdrawn_at is None


@pytest.mark.parametrize(
    ("instrument", "refusal"),
    [("phq9", wordings.HasNoWording), ("phq4", wordings.HasNoWording), ("none", Missing)],
)
def test_what_no_practice_words_is_refused(
    cast: Cast, instrument: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        record(cast, a_wording(), instrument=instrument)
    with pytest.raises(refusal):
        actions.withdraw_wording(cast.paz, cast.practice, instrument=instrument, now=NOW)


def test_what_cannot_be_scored_is_refused(cast: Cast) -> None:
    with pytest.raises(BadInput, match="cannot be asked, because the range"):
        record(cast, a_wording(), instrument="sqs")


def test_the_wording_of_one_practice_is_not_the_other_ones(cast: Cast) -> None:
    record(cast, a_wording())
    assert wordings.silent_row(cast.practice, "who5").own is not None
    assert wordings.silent_row(cast.other_practice, "who5").own is None
    assert wordings.history(cast.other_practice, "who5") == ()


def test_the_history_is_newest_first_with_its_state(cast: Cast) -> None:
    first = record(cast, a_wording())
    record(cast, a_wording("Later"), replaces=first.pk, now=NOW + timedelta(days=2))
    rows = wordings.history(cast.practice, "who5")
    assert [(row.state, row.recorded_by) for row in rows] == [
        ("asked", "Paz"),
        ("withdrawn", "Paz"),
    ]
    assert rows[1].withdrawn_at == rows[0].recorded_at


# Real rivals ----------------------------------------------------------------------------------

RIVALS = 6


def race(cast: Cast, *, replaces: int | None) -> Counter[str]:
    """Several managers save another text at the same moment; count how each ended."""
    ended: Counter[str] = Counter()
    ready = threading.Barrier(RIVALS, timeout=60)

    def run(number: int) -> None:
        try:
            with connection.cursor() as cursor:  # the connection is open before the race begins
                cursor.execute("SET lock_timeout = '30s'")
            ready.wait()
            record(cast, a_wording(f"Rival {number}"), replaces=replaces)
            ended["kept"] += 1
        except Exception as problem:
            ended[type(problem).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(RIVALS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return ended


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [True, False])
def test_of_several_managers_at_once_one_text_is_kept_and_the_others_are_told(first: bool) -> None:
    cast = the_cast()
    replaces = None if first else record(cast, a_wording()).pk
    assert race(cast, replaces=replaces) == {"kept": 1, "WordedMeanwhile": RIVALS - 1}
    assert LicensedWording.objects.filter(withdrawn_at__isnull=True).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_several_texts_would_stand() -> None:
    cast = the_cast()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX licensedwording_once")
    try:
        assert race(cast, replaces=None)["kept"] > 1
    finally:
        LicensedWording.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX licensedwording_once ON understand_licensedwording "
                "(practice_id, instrument) WHERE withdrawn_at IS NULL"
            )
