"""What rosters say about credentials: rows that are ready, nothing written.

Units   calendar days.
Errors  none.
Source  domain/credentials/matching.py: two of three, and what a source may confirm.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from django.db.models import Case, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.credentials.matching import (
    PRIMARY,
    Facts,
    Part,
    confirms,
    facts,
    is_candidate,
    matches,
)
from unknot.journey.choose.models import Credential, RosterEntry

#: How many rows are shown beside one credential: a frequent name in a large state has more.
MOST_ROWS = 20
#: How many credentials without a row are named after an import.
MOST_MISSING = 50
BATCH = 500

#: What no register lists together with licences: compared only with its own kind.
_APART = frozenset({Credential.Kind.TRAINING, Credential.Kind.INSURANCE})

#: What a person reads for the source of a roster that can be imported.
NAMES: Final[dict[str, Promise]] = {
    "colorado": _("Colorado Division of Professions and Occupations"),
    "washington": _("Washington State Department of Health"),
    "nppes": _("NPPES (self-declared)"),
    "generic": _("a list somebody loaded"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A roster's row that may mean a credential, and why it is shown."""

    source: str
    source_key: str
    holder: str
    number: str
    jurisdiction: str
    title: str
    status: str
    discipline: str
    issued_on: date | None
    expires_on: date | None  # None: the roster has none
    read_on: date
    matched: frozenset[Part]
    primary: bool  # a licensing board's own list
    confirms: bool  # primary, and number and name agree: what a check may rest on

    @property
    def key(self) -> str:
        """What a check names the one row by that it rests on; it outlives the next import."""
        return f"{self.source}:{self.source_key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """A credential that a roster of its place does not have."""

    holder: str
    title: str
    number: str
    jurisdiction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How many of the installation's own credentials a roster has."""

    looked_at: int
    by_number_and_name: int
    by_two: int  # of the three, but not by number and name
    missing: int
    named: tuple[MissingRow, ...]  # the first of the missing


def name_of(source: str) -> str:
    """Give the name of a roster's source as a person reads it; another source is a loaded list."""
    return str(NAMES.get(source, NAMES["generic"]))


def evidence_for(credential: Credential) -> tuple[EvidenceRow, ...]:
    """Give the rows of all rosters that may mean this credential, the best match first."""
    mine = _facts(credential)
    wanted = _by_two(mine)
    if not wanted:
        return ()
    # A frequent name fills the list alone: what has the number comes first.
    number_first = Case(When(number_key=mine.number, then=0), default=1)
    rows = _of_kind(credential.kind).filter(wanted).order_by(number_first, "-read_on", "pk")
    found = [_evidence(entry, mine) for entry in rows[:MOST_ROWS]]
    return tuple(sorted(found, key=lambda row: (not row.confirms, -len(row.matched))))


def compare(source: str) -> Comparison:
    """Look for the therapists' own credentials in one roster, for the places that it covers."""
    entries = RosterEntry.objects.filter(source=source)
    places = set(entries.values_list("jurisdiction", flat=True).distinct())
    credentials = Credential.objects.exclude(kind__in=_APART).order_by("holder", "pk")
    here = (one for one in credentials.iterator(BATCH) if _facts(one).state in places)
    looked_at = sure = likely = 0
    missing: list[MissingRow] = []
    for one, best in _best_matches(here, source):
        looked_at += 1
        if {"number", "name"} <= best:
            sure += 1
        elif is_candidate(best):
            likely += 1
        elif len(missing) < MOST_MISSING:
            missing.append(_missing(one))
    return Comparison(
        looked_at=looked_at,
        by_number_and_name=sure,
        by_two=likely,
        missing=looked_at - sure - likely,
        named=tuple(missing),
    )


def _best_matches(
    credentials: Iterator[Credential], source: str
) -> Iterator[tuple[Credential, frozenset[Part]]]:
    while batch := list(islice(credentials, BATCH)):
        mine = [_facts(one) for one in batch]
        near = _near(mine, source)
        for one, own in zip(batch, mine, strict=True):
            theirs = {*near[own.number], *near[own.name]}
            found = [matches(own, other) for other in theirs]
            yield one, max(found, key=_rank, default=frozenset())


def _near(wanted: Iterable[Facts], source: str) -> dict[str, list[Facts]]:
    """The roster's rows with one of these numbers or names, under either key."""
    numbers = {one.number for one in wanted if one.number}
    names = {one.name for one in wanted if one.name}
    near: dict[str, list[Facts]] = defaultdict(list)
    rows = RosterEntry.objects.filter(source=source).exclude(kind__in=_APART)
    for number, name, place in rows.filter(
        Q(number_key__in=numbers) | Q(name_key__in=names)
    ).values_list("number_key", "name_key", "jurisdiction"):
        row = Facts(number=number, name=name, state=place)
        near[number].append(row)
        near[name].append(row)
    return near


def _rank(matched: frozenset[Part]) -> tuple[bool, int]:
    return {"number", "name"} <= matched, len(matched)


def _of_kind(kind: str) -> QuerySet[RosterEntry]:
    if kind in _APART:
        return RosterEntry.objects.filter(kind=kind)
    return RosterEntry.objects.exclude(kind__in=_APART)


def _by_two(mine: Facts) -> Q:
    """The rows that agree in two of three; empty when less than two are known."""
    number, name = Q(number_key=mine.number), Q(name_key=mine.name)
    state = Q(jurisdiction=mine.state)
    ways = Q()
    if mine.number and mine.name:
        ways |= number & name
    if mine.number and mine.state:
        ways |= number & state
    if mine.name and mine.state:
        ways |= name & state
    return ways


def _facts(credential: Credential) -> Facts:
    return facts(credential.number, credential.holder, credential.jurisdiction)


def _evidence(entry: RosterEntry, mine: Facts) -> EvidenceRow:
    row = Facts(number=entry.number_key, name=entry.name_key, state=entry.jurisdiction)
    matched = matches(mine, row)
    return EvidenceRow(
        source=entry.source,
        source_key=entry.source_key,
        holder=entry.holder,
        number=entry.number,
        jurisdiction=entry.jurisdiction,
        title=entry.title,
        status=entry.status,
        discipline=entry.discipline,
        issued_on=entry.issued_on,
        expires_on=entry.expires_on,
        read_on=entry.read_on,
        matched=matched,
        primary=entry.source in PRIMARY,
        confirms=confirms(entry.source, matched),
    )


def _missing(one: Credential) -> MissingRow:
    return MissingRow(
        holder=one.holder, title=one.title, number=one.number, jurisdiction=one.jurisdiction
    )
