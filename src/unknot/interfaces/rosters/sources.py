"""The rosters that can be read, and the way from a file to its steps.

Pure: a file in, steps out, one after the other, whatever its size.

Units   lines are counted from 1, offsets in bytes.
Errors  NotARoster and OSError: the file cannot be used. A row that cannot be right is a `Problem`.
Source  the module of each roster.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import boards, colorado, generic, nppes, nppes_api, text, washington
from unknot.interfaces.rosters.rows import (
    START,
    Item,
    NotARoster,
    NotMeant,
    Place,
    Problem,
    Skipped,
    Step,
    Wrong,
)
from unknot.interfaces.rosters.text import Header, Record

#: Counted up whenever a reader gives other rows than before, so that no import goes on with them.
VERSION = 2

BOARDS = {one.source: one for one in (colorado.LAYOUT, washington.LAYOUT)}
SOURCES = (nppes.SOURCE, *BOARDS, generic.SOURCE)

#: How many types of licence are told apart when a file is asked for them.
MOST_TYPES = 1_000

Reader = Callable[[list[str]], tuple[RosterRow, ...]]


def read(
    path: Path, source: str, *, types: Collection[str] = (), begin: Place = START
) -> Iterator[Step]:
    """Read the roster at `path` from the record at `begin` on; a board's only the `types` named."""
    start = text.check_is_text(path)
    if source == nppes.SOURCE and _is_json(start):
        yield from nppes_api.read(path, begin)
        return
    wanted = nppes.CODE.encode() if source == nppes.SOURCE else None
    with path.open("rb") as raw:
        header, first = text.read_header(raw)
        text.check_encoding(raw, first)
        reader = _reader(source, header, types)
        for record in text.records(raw, max(first, begin), header.width, wanted=wanted):
            yield Step(_items(record, reader), record.line, record.after)


def types_in(path: Path, source: str) -> list[tuple[str, int]]:
    """Count the types of licence in a board's file, the most frequent first."""
    text.check_is_text(path)
    counted: Counter[str] = Counter()
    with path.open("rb") as raw:
        header, first = text.read_header(raw)
        text.check_encoding(raw, first)
        reader = boards.Reader(BOARDS[source], header, ())
        for record in text.records(raw, first, header.width):
            if record.cells is None:
                continue
            found = reader.type_of(record.cells)[: boards.LONGEST_TYPE]
            if found in counted or len(counted) < MOST_TYPES:
                counted[found] += 1
    return counted.most_common()


def _is_json(start: bytes) -> bool:
    return start.removeprefix(text.BYTE_ORDER_MARK).lstrip()[:1] in {b"{", b"["}


def _reader(source: str, header: Header, types: Collection[str]) -> Reader:
    if source in BOARDS:
        return boards.Reader(BOARDS[source], header, types)
    if source == nppes.SOURCE:
        return nppes.Reader(header)
    if source == generic.SOURCE:
        return generic.Reader(header)
    raise NotARoster(f"There is no roster {source!r}; known: {', '.join(SOURCES)}.")


def _items(record: Record, reader: Reader) -> tuple[Item, ...]:
    if record.cells is None:
        if record.problem:
            return (Problem(record.line, "", record.problem),)
        return (Skipped(record.line, "another profession"),)
    try:
        return reader(record.cells)
    except NotMeant as why:
        return (Skipped(record.line, str(why)),)
    except Wrong as wrong:
        if not any(map(str.strip, record.cells)):
            return (Skipped(record.line, "an empty row"),)
        return (Problem(record.line, wrong.column, wrong.reason),)
