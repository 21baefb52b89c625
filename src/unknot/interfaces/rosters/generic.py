"""Read a roster in our own layout: a CSV file that anybody can write from a list they have.

Pure. A row of it is evidence like any other and confirms nothing: anybody can write such a file.

Units   dates are calendar days: 2026-03-27, 27.03.2026, or 03/27/2026 where only one day is
        possible; `expires` is the last valid day.
Errors  Wrong: one cell cannot be right.
Source  docs/reference/import-roster.md describes the columns.
"""

import re
from functools import lru_cache

from unknot.domain.credentials.roster import (
    DISCIPLINES,
    KINDS,
    LONGEST_NAME,
    LONGEST_NUMBER,
    STATUSES,
    RosterRow,
)
from unknot.interfaces.rosters.rows import NotARoster, Wrong, day, person, plain, short
from unknot.interfaces.rosters.text import Header

SOURCE = "generic"
CALLED = "a roster in the layout of Unknot"
NEEDED = ("number", "jurisdiction", "kind")
OPTIONAL = ("title", "status", "issued", "expires", "discipline")

_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


class Reader:
    """Turn the cells of one record into its row."""

    def __init__(self, header: Header) -> None:
        header.check(NEEDED, CALLED)
        self._whole = "holder" in header
        if not self._whole and not ("first_name" in header and "last_name" in header):
            raise NotARoster(
                f'This is not {CALLED}: it has no column "holder" and no "first_name", "last_name".'
            )
        self._number, self._place, self._kind = map(header.place, NEEDED)
        self._holder = header.place("holder")
        self._first, self._last = header.place("first_name"), header.place("last_name")
        self._title, self._status, self._issued, self._expires, self._discipline = map(
            header.place, OPTIONAL
        )

    def __call__(self, cells: list[str]) -> tuple[RosterRow, ...]:
        """Give the row; raises Wrong for a cell that cannot be right."""
        number = plain(cells[self._number], "number", LONGEST_NUMBER)
        if not number:
            raise Wrong("number", "the number is missing.")
        place = _place(cells[self._place])
        kind = _word(cells[self._kind], "kind", KINDS, "")
        issued = day(cells[self._issued], "issued", "either")
        expires = day(cells[self._expires], "expires", "either")
        if issued and expires and expires < issued:
            raise Wrong("expires", f"{expires} is before the day of issue, {issued}.")
        row = RosterRow(
            key=f"{place}:{kind}:{number}",
            number=number,
            holder=self._name(cells),
            jurisdiction=place,
            kind=kind,
            title=_title(cells[self._title]),
            status=_word(cells[self._status], "status", STATUSES, "unknown"),
            discipline=_word(cells[self._discipline], "discipline", DISCIPLINES, "unknown"),
            issued_on=issued,
            expires_on=expires,
            raw={},
        )
        return (row,)

    def _name(self, cells: list[str]) -> str:
        if not self._whole:
            return person(cells[self._first], cells[self._last], ("first_name", "last_name"))
        if holder := plain(cells[self._holder], "holder", LONGEST_NAME):
            return holder
        raise Wrong("holder", "the name is missing.")


@lru_cache(maxsize=1_000)
def _word(value: str, column: str, known: frozenset[str], empty: str) -> str:
    word = value.strip().casefold() or empty
    if word in known:
        return word
    raise Wrong(column, f"expected one of {', '.join(sorted(known))}; found {short(word)}.")


@lru_cache(maxsize=1_000)
def _title(value: str) -> str:
    return plain(value, "title", LONGEST_NAME)


@lru_cache(maxsize=1_000)
def _place(value: str) -> str:
    place = value.strip().upper()
    if _PLACE.fullmatch(place):
        return place
    raise Wrong("jurisdiction", f"expected one such as US-CO, found {short(value.strip())}.")
