"""Read a CSV file of any size record by record, in bounded memory, knowing each one's place.

Pure: a file in, records out. A record is split on its own, so that reading can begin at any
record and a quotation mark that is never closed spoils one line and not the rest of the file.

Units   offsets and lengths in bytes; lines are counted from 1.
Errors  NotARoster when the first line or most of the lines behind it are no text in UTF-8, or the
        first line is no list of columns. A record that cannot be right, also one that is no text
        in UTF-8, has a `problem` instead of cells.
Source  RFC 4180; the byte order marks of Unicode; the first bytes of ZIP and gzip files.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from unknot.interfaces.rosters.rows import START, NotARoster, Place

LONGEST_LINE = 130_000  # bytes; the widest roster known has lines of ten thousand
MOST_COLUMNS = 1_000  # the bulk file of NPPES has about 330
MOST_LINES = 20  # of one record, when cells contain line breaks
LOOKED_AT = 100  # lines: when most of them are not UTF-8, the file is in another encoding

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_PACKED = {b"PK": "a zip archive", b"\x1f\x8b": "packed with gzip"}
_BLANK = (b"\n", b"\r\n")
_NEVER_CLOSED = "a quotation mark is opened and not closed."
_REASONS = {
    "unexpected end of data": _NEVER_CLOSED,
    "new-line character": "a carriage return stands in the middle of it.",
    "expected after": "a quotation mark inside a cell is not doubled.",
}


class Record(NamedTuple):
    """One record: its cells, or what is wrong with it, or neither when it was passed over."""

    line: int
    cells: list[str] | None
    problem: str
    after: Place


class Header:
    """The columns of a file, found by name whatever capitals and blanks it is written with."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = [name.strip() for name in names]
        self.width = len(self.names)
        self._keys = [column_key(name) for name in self.names]
        self._places = {key: place for place, key in enumerate(self._keys) if key}

    def __contains__(self, name: str) -> bool:
        return column_key(name) in self._places

    def place(self, name: str) -> int:
        """Say where the column stands; a missing one stands behind the last, where nothing is."""
        return self._places.get(column_key(name), self.width)

    def check(self, needed: Sequence[str], roster: str) -> None:
        """Raise NotARoster when a column comes twice or a needed one is missing."""
        if twice := _twice(self._keys):
            raise NotARoster(f'The column "{self.names[twice]}" comes twice.')
        if missing := [name for name in needed if name not in self]:
            said = f"This is not {roster}: it has no column " + " and none ".join(
                f'"{name}"' for name in missing[:3]
            )
            more = f", and {len(missing) - 3} more are missing." if len(missing) > 3 else "."
            raise NotARoster(said + more + self._separated())

    def _separated(self) -> str:
        """The hint for a spreadsheet that writes semicolons or tabs."""
        if self.width == 1 and any(sign in self.names[0] for sign in ";\t"):
            return " Its columns are not separated by commas: save it as CSV with commas."
        return ""


def column_key(name: str) -> str:
    """Write a column's name so that capitals, blanks and underscores make no difference."""
    return name.casefold().replace(" ", "").replace("_", "")


def check_is_text(path: Path) -> bytes:
    """Give the first bytes of the file; raises NotARoster when they show that it is no text."""
    with path.open("rb") as raw:
        start = raw.read(512)
    for magic, what in _PACKED.items():
        if start.startswith(magic):
            raise NotARoster(f"The file is {what}: unpack it first.")
    if not start.strip():
        raise NotARoster("The file is empty.")
    if start.startswith(_UTF_16):
        raise NotARoster(f"The file is UTF-16 text: {SAVE}.")
    if b"\x00" in start.partition(b"\n")[0]:
        raise NotARoster(f"The file contains zero bytes, so it is no text in UTF-8: {SAVE}.")
    return start


SAVE = 'open it in the program that wrote it and save it as "CSV UTF-8"'


def read_header(raw: BinaryIO) -> tuple[Header, Place]:
    """Read the list of columns and say where the first record begins."""
    data = raw.readline(LONGEST_LINE + 1)
    if data.count(b",") >= MOST_COLUMNS:
        raise NotARoster(f"The first line has more than {MOST_COLUMNS} columns.")
    if len(data) > LONGEST_LINE:
        raise NotARoster("The first line is longer than any list of columns.")
    after = Place(len(data), 2)
    data = data.removeprefix(BYTE_ORDER_MARK)
    if found := _no_text(data):
        raise NotARoster(f"Line {START.line} {found}: {SAVE}.")
    text = data.decode()
    if "\r" in text.rstrip("\r\n"):
        raise NotARoster(f"Its lines end with a carriage return alone: {SAVE}.")
    try:
        names = next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration) as error:
        raise NotARoster("The first line is no list of columns.") from error
    return Header(names), after


def check_encoding(raw: BinaryIO, begin: Place) -> None:
    """Raise NotARoster when more than half of the first lines are not UTF-8."""
    raw.seek(begin.offset)
    line, looked_at, wrong, said = begin.line, 0, 0, ""
    while looked_at < LOOKED_AT and (data := raw.readline(LONGEST_LINE + 1)):
        if len(data) > LONGEST_LINE and not data.endswith(b"\n"):
            _rest_of_line(raw)
        elif data not in _BLANK:
            looked_at += 1
            if found := _no_text(data):
                wrong += 1
                said = said or f"Line {line} {found}: {SAVE}."
        line += 1
    if 2 * wrong > looked_at:
        raise NotARoster(said)


def records(
    raw: BinaryIO, begin: Place, width: int, *, wanted: bytes | None = None
) -> Iterator[Record]:
    """Read the records from `begin` on; each has one empty cell more than the `width` columns.

    A line that is a whole record and does not contain `wanted` is passed over without a look at
    its cells: quotation marks come in pairs in a whole record.
    """
    raw.seek(begin.offset)
    offset, line = begin
    while data := raw.readline(LONGEST_LINE + 1):
        first, paired = line, not data.count(b'"') % 2
        offset, line = offset + len(data), line + 1
        if len(data) > LONGEST_LINE and not data.endswith(b"\n"):
            offset += _rest_of_line(raw)
            said = f"the line is longer than {LONGEST_LINE} bytes."
            yield Record(first, None, said, Place(offset, line))
        elif data in _BLANK:
            continue
        elif paired and wanted is not None and wanted not in data:
            yield Record(first, None, "", Place(offset, line))
        else:
            lines = [data] if paired else _until_paired(raw, data)
            used, cells, problem = _split(lines, width)
            for more in lines[1:used]:
                offset, line = offset + len(more), line + 1
            if not paired:
                raw.seek(offset)
            yield Record(first, cells, problem, Place(offset, line))


Split = tuple[int, list[str] | None, str]


def _split(lines: list[bytes], width: int) -> Split:
    """How many of the lines are the first record, its cells, and what is wrong with it."""
    try:
        return _split_texts([data.decode() for data in lines], width)
    except UnicodeDecodeError:
        texts = [data.decode(errors="surrogateescape") for data in lines]
        used, cells, problem = _split_texts(texts, width)
        for data in lines[:used]:
            if found := _no_text(data):
                return used, None, f"it {found}: save the file as UTF-8."
        return used, cells, problem


def _split_texts(texts: list[str], width: int) -> Split:
    plain, used = texts[0].rstrip("\r\n"), 1
    if '"' not in plain and "\r" not in plain and "\x00" not in plain:
        cells = plain.split(",")  # what the reader would give, in a third of the time
    else:
        if any("\x00" in each for each in texts):
            return 1, None, "it contains a zero byte."
        reader = csv.reader(texts, strict=True)
        try:
            cells = next(reader)
        except csv.Error as error:
            return 1, None, _reason(str(error), reader.line_num)
        used = reader.line_num
    if len(cells) == width:
        cells.append("")
        return used, cells, ""
    said = f"{_cells(len(cells))}, the first line has {width}."
    return 1, None, said if used == 1 else _NEVER_CLOSED


def _until_paired(raw: BinaryIO, data: bytes) -> list[bytes]:
    """The line and those behind it, up to the one that closes its quotation mark."""
    lines, size = [data], len(data)
    while len(lines) < MOST_LINES and (more := raw.readline(LONGEST_LINE + 1)):
        size += len(more)
        if size > LONGEST_LINE:
            break
        lines.append(more)
        if more.count(b'"') % 2:
            break
    return lines


def _rest_of_line(raw: BinaryIO) -> int:
    """Read to the end of a line that is too long, a piece at a time; gives its length."""
    size = 0
    while data := raw.readline(LONGEST_LINE):
        size += len(data)
        if data.endswith(b"\n"):
            break
    return size


def _no_text(data: bytes) -> str:
    """Say which byte keeps a line from being UTF-8; nothing if none does."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        wrong = data[error.start : error.start + 1]
        guess = wrong.decode("cp1252", errors="ignore")
        hint = f', which Windows-1252 writes for "{guess}"' if guess.isprintable() and guess else ""
        return f"is not UTF-8 text, it has the byte 0x{wrong.hex().upper()}{hint}"
    return ""


def _reason(said: str, lines: int) -> str:
    if lines > 1:
        return _NEVER_CLOSED
    return next((reason for part, reason in _REASONS.items() if part in said), f"no row ({said}).")


def _twice(names: Sequence[str]) -> int:
    """The place of the first name that has come before; 0 when none has."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name and name in seen:
            return place
        seen.add(name)
    return 0


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"
