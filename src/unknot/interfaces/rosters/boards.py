"""What the files of state licensing boards have in common: one licence a row, many professions.

A board's file holds every profession it licenses, so only the types that are named are read.

Units   dates are calendar days, months first where slashes are used.
Errors  Wrong: one cell cannot be right; NotMeant: the row is right and not wanted.
Source  the column lists of the open data of Colorado and Washington; a state whose words are not
        exactly one of ours is "unknown", never taken as good, and kept beside the row.
"""

from collections.abc import Collection
from dataclasses import dataclass

from unknot.domain.credentials.roster import LONGEST_NUMBER, STATUSES, RosterRow
from unknot.interfaces.rosters.rows import NotMeant, day, person, plain
from unknot.interfaces.rosters.text import Header

LONGEST_TYPE = 50
_ANSWERS = {"yes": "present", "no": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Under which names a board's file has what is read; an empty name is a column it has not."""

    source: str
    called: str
    jurisdiction: str
    type: str
    number: str
    status: str
    issued: str
    expires: str
    acted: str = ""
    kept: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns without which a file is another one."""
        named = (self.type, "lastname", "firstname", self.number, self.status)
        return (*named, self.issued, self.expires, *filter(None, [self.acted]))


class Reader:
    """Turn the cells of one record into its row, if its type is one of those wanted."""

    def __init__(self, layout: Layout, header: Header, types: Collection[str]) -> None:
        header.check(layout.needed, layout.called)
        self._layout = layout
        self._types = {wanted.casefold() for wanted in types}
        self._type, self._number = header.place(layout.type), header.place(layout.number)
        self._last, self._first = header.place("lastname"), header.place("firstname")
        self._status, self._acted = header.place(layout.status), header.place(layout.acted)
        self._issued, self._expires = header.place(layout.issued), header.place(layout.expires)
        self._kept = [(name, header.place(name)) for name in layout.kept]

    def type_of(self, cells: list[str]) -> str:
        """The type of licence as the board writes it."""
        return cells[self._type].strip()

    def __call__(self, cells: list[str]) -> tuple[RosterRow, ...]:
        """Give the row; raises NotMeant or, for a cell that cannot be right, Wrong."""
        given = self.type_of(cells)
        if given.casefold() not in self._types:
            raise NotMeant("another type of licence")
        layout = self._layout
        number = plain(cells[self._number], layout.number, LONGEST_NUMBER)
        if not number:
            raise NotMeant("no licence number")
        status = plain(cells[self._status], layout.status)
        row = RosterRow(
            key=f"{given.casefold()}:{number}",
            number=number,
            holder=person(cells[self._first], cells[self._last], ("firstname", "lastname")),
            jurisdiction=layout.jurisdiction,
            kind="licence",
            title=plain(given, layout.type, LONGEST_TYPE),
            status=status.casefold() if status.casefold() in STATUSES else "unknown",
            discipline=_ANSWERS.get(cells[self._acted].strip().casefold(), "unknown"),
            issued_on=day(cells[self._issued], layout.issued, "month first"),
            expires_on=day(cells[self._expires], layout.expires, "month first"),
            raw=self._raw(cells, status),
        )
        return (row,)

    def _raw(self, cells: list[str], status: str) -> dict[str, str]:
        kept = {name: plain(cells[place], name) for name, place in self._kept}
        return {
            name: value for name, value in {self._layout.status: status, **kept}.items() if value
        }
