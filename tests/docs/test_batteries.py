"""The page about the batteries says what the data says: its tables are made from the files."""

import re
from collections.abc import Iterator
from pathlib import Path

from unknot.domain.instruments import catalogue
from unknot.domain.instruments.batteries import Battery
from unknot.domain.instruments.definition import Instrument

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "batteries.md"
SPANS = {"D": ("day", "days"), "W": ("week", "weeks"), "M": ("month", "months")}
KNOWN = catalogue.load()


def battery_table() -> str:
    """Each battery with its time, when it is asked, and what it asks of everybody and of some."""
    rows = ["| battery | about | asks everybody | asks some |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {one.id} | {_time(one)} | {_list(_everybody(one))} | {_list(_some(one))} |"
        for one in KNOWN.batteries.values()
    ]
    return "\n".join(rows)


def instrument_table() -> str:
    """Each instrument of a battery: version, language, recall, interval and missing rule."""
    rows = [
        "| instrument | version | looks back over | not again within | when answers are missing |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows += [_row(KNOWN.instrument(name)) for name in sorted(_instruments())]
    return "\n".join(rows)


def _instruments() -> set[str]:
    named = {name.partition(".")[0] for one in KNOWN.batteries.values() for name in one.names}
    return named | {rule.ask for name in named for rule in KNOWN.instrument(name).branch}


def _time(battery: Battery) -> str:
    weeks = ", ".join(map(str, battery.at_weeks))
    return f"weeks {weeks}" if weeks else f"{battery.target_seconds} s"


def _everybody(battery: Battery) -> Iterator[str]:
    yield from battery.items


def _some(battery: Battery) -> Iterator[str]:
    added = battery.add_if
    if added is not None:
        hours = added.session_in_last_hours
        why = f"a session in the last {hours} h" if hours else f"main place {added.main_region}"
        yield from (f"{name} ({why})" for name in added.add)
    yield from (f"{name} (every second week)" for name in battery.every_second_week)
    if battery.branch:
        branches = KNOWN.instrument(battery.branch).branch
        yield from (f"{rule.ask} ({battery.branch}: {rule.when.text})" for rule in branches)


def _list(names: Iterator[str]) -> str:
    return ", ".join(names) or "–"


def _row(one: Instrument) -> str:
    interval = one.recommended_interval_days
    cells = (
        f"`{one.id}`",
        f"{one.version}, {one.language}",
        _words(one.recall),
        f"{interval} days" if interval else "–",
        one.scoring.missing.replace("none_allowed", "every answer is needed") or "–",
    )
    return f"| {' | '.join(cells)} |"


def _words(recall: str) -> str:
    """P14D as "14 days"; what is written in words already stays."""

    def said(found: re.Match[str]) -> str:
        number, (one, many) = int(found[1]), SPANS[found[2]]
        return f"{number} {one if number == 1 else many}"

    return re.sub(r"\bP(\d+)([DWM])\b", said, recall)


def test_the_page_shows_the_batteries_of_the_data() -> None:
    assert battery_table() in PAGE.read_text(encoding="utf-8")


def test_the_page_shows_recall_interval_and_missing_rule_of_each_instrument() -> None:
    assert instrument_table() in PAGE.read_text(encoding="utf-8")


def test_a_span_is_written_in_words() -> None:
    assert _words("P3M for items 1-2, P1D for PEG") == "3 months for items 1-2, 1 day for PEG"
    assert _words("today") == "today"
