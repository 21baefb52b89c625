"""Read the NPPES registry of the United States: one provider, and its bulk CSV file.

Pure. Only licences of massage therapists are read, and of each only name, number, state and what
dates the record: no address and no telephone number is taken over. A line of the bulk file that
names no massage therapist is not looked at any further.

NPPES is self-declared and has no expiry date: a row is a claim, never a verified credential.

Units   a column is named as the file names it, for JSON by its path.
Errors  Wrong: one value cannot be right; NotMeant: the record is right and not wanted.
Source  the NPPES data dissemination file; taxonomy code 225700000X; the check digit of an NPI is
        that of ISO/IEC 7812 (Luhn) behind the prefix 80840.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from unknot.domain.credentials.roster import LONGEST_NAME, LONGEST_NUMBER, RosterRow
from unknot.interfaces.rosters.rows import NotMeant, Wrong, day, person, plain, short
from unknot.interfaces.rosters.text import Header

SOURCE = "nppes"
#: The taxonomy that is read, with the name the code list gives it.
CODE, TITLE = "225700000X", "Massage Therapist"
PREFIX = "80840"
MOST_TAXONOMIES = 15

NPI = "NPI"
KIND = "Entity Type Code"
LAST = "Provider Last Name (Legal Name)"
FIRST = "Provider First Name"
CREDENTIAL = "Provider Credential Text"
UPDATED = "Last Update Date"
DEACTIVATED = "NPI Deactivation Date"
REACTIVATED = "NPI Reactivation Date"
TAXONOMY = "Healthcare Provider Taxonomy Code_{}"
LICENCE = "Provider License Number_{}"
STATE = "Provider License Number State Code_{}"
PRIMARY = "Healthcare Provider Primary Taxonomy Switch_{}"

#: A file without one of these is not the bulk file; the other columns may be missing.
NEEDED = (NPI, KIND, LAST, FIRST, TAXONOMY.format(1), LICENCE.format(1), STATE.format(1))
ABOUT = (NPI, KIND, LAST, FIRST, CREDENTIAL, UPDATED, DEACTIVATED, REACTIVATED)
_OF_A_LICENCE = (TAXONOMY, LICENCE, STATE, PRIMARY)

_PERSON = {"1", "NPI-1"}
_ORGANISATION = {"2", "NPI-2"}
_STATE = re.compile(r"[A-Z]{2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value with the name under which its file knows it."""

    value: str
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One taxonomy of a provider and the licence named with it."""

    taxonomy: Cell
    number: Cell
    state: Cell
    primary: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider in the same shape, whichever file it comes from."""

    npi: Cell
    kind: Cell
    last: Cell
    first: Cell
    credential: Cell
    updated: Cell
    deactivated: Cell
    reactivated: Cell
    licences: tuple[Licence, ...] = field(default=())


def is_npi(number: str) -> bool:
    """Tell whether `number` has ten digits, begins with 1 or 2 and ends in its check digit."""
    if not re.fullmatch(r"[12][0-9]{9}", number):
        return False
    digits = [int(digit) for digit in reversed(PREFIX + number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def rows(provider: Provider) -> tuple[RosterRow, ...]:
    """Give one row for each of the provider's licences; raises NotMeant or Wrong."""
    _check_npi(provider.npi)
    if reason := _not_meant(provider):
        raise NotMeant(reason)
    columns = provider.first.column, provider.last.column
    holder = person(provider.first.value, provider.last.value, columns)
    made: dict[str, RosterRow] = {}
    for licence in provider.licences:
        if licence.taxonomy.value == CODE and licence.number.value:
            one = _row(provider, licence, holder)
            made.setdefault(one.key, one)
    return tuple(made.values())


def _not_meant(provider: Provider) -> str:
    """Say why this provider is passed over; empty if it is not."""
    off, on = _day(provider.deactivated), _day(provider.reactivated)
    if off is not None and (on is None or on < off):
        return "deactivated"
    if provider.kind.value in _ORGANISATION:
        return "an organisation"
    if provider.kind.value not in _PERSON:
        found = short(provider.kind.value)
        raise Wrong(provider.kind.column, f"expected 1 or 2, found {found}.")
    meant = [one for one in provider.licences if one.taxonomy.value == CODE]
    if not meant:
        return "another profession"
    return "" if any(one.number.value for one in meant) else "no licence number"


def _row(provider: Provider, licence: Licence, holder: str) -> RosterRow:
    number = plain(licence.number.value, licence.number.column, LONGEST_NUMBER)
    state = licence.state.value
    if not _STATE.fullmatch(state):
        expected = f"expected a state in two letters, found {short(state)}."
        raise Wrong(licence.state.column, expected)
    told = (provider.npi, provider.last, provider.first, provider.credential, provider.updated)
    dates = (provider.deactivated, provider.reactivated)
    mine = (licence.taxonomy, licence.number, licence.state, licence.primary)
    return RosterRow(
        key=f"{provider.npi.value}:{state}:{number}",
        number=number,
        holder=holder,
        jurisdiction=f"US-{state}",
        kind="licence",
        title=TITLE,
        status="unknown",
        discipline="unknown",
        issued_on=None,
        expires_on=None,
        raw={
            each.column: plain(each.value, each.column, LONGEST_NAME)
            for each in (*told, *dates, *mine)
            if each.value
        },
    )


def _check_npi(npi: Cell) -> None:
    if not is_npi(npi.value):
        said = f"{short(npi.value)} is no NPI: ten digits whose last one checks the others."
        raise Wrong(npi.column, said)


def _day(given: Cell) -> date | None:
    return day(given.value, given.column, "month first")


class Reader:
    """Turn the cells of one record of the bulk file into its rows."""

    def __init__(self, header: Header) -> None:
        header.check(NEEDED, "the bulk file of NPPES")
        self._about = [(name, header.place(name)) for name in ABOUT]
        self._licences = [
            [(name.format(n), header.place(name.format(n))) for name in _OF_A_LICENCE]
            for n in range(1, MOST_TAXONOMIES + 1)
            if TAXONOMY.format(n) in header
        ]

    def __call__(self, cells: list[str]) -> tuple[RosterRow, ...]:
        """Give the rows; raises NotMeant or Wrong."""
        npi, kind, last, first, credential, updated, deactivated, reactivated = (
            Cell(value=cells[place].strip(), column=name) for name, place in self._about
        )
        provider = Provider(
            npi=npi,
            kind=kind,
            last=last,
            first=first,
            credential=credential,
            updated=updated,
            deactivated=deactivated,
            reactivated=reactivated,
            licences=tuple(self._licences_in(cells)),
        )
        return rows(provider)

    def _licences_in(self, cells: list[str]) -> Iterator[Licence]:
        for places in self._licences:
            if cells[places[0][1]].strip() != CODE:
                continue
            taxonomy, number, state, primary = (
                Cell(value=cells[place].strip(), column=name) for name, place in places
            )
            yield Licence(taxonomy=taxonomy, number=number, state=state, primary=primary)
