"""Reads about questionnaires: each one that Unknot knows, whether it is asked, and if not why.

Nothing here writes.

Units   points of each instrument; aware datetimes.
Errors  Missing: nobody knows that name. HasNoWording: it is refused, or needs no wording of the
        practice; its sentence says why.
Source  knowledge/instruments; docs/decisions/0013-wording-under-a-practices-licence.md
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.withheld import Refused, ScoringOnly
from unknot.journey.understand import questionnaires
from unknot.journey.understand.models import LicensedWording
from unknot.people.models import Practice
from unknot.web.errors import Missing

Text = str | Promise
State = Literal["asked", "outdated", "withdrawn"]

#: How a fact about a licence came into the table, in words.
SURE: Final[Mapping[str, Text]] = {
    "seen": gettext_lazy("we read this in the source or a copy of it"),
    "known": gettext_lazy("known from the citation; we have not read it again"),
    "unsure": gettext_lazy("not sure; check before you rely on it"),
    "derived": gettext_lazy("our own conclusion"),
}
#: The sets of questions, in words.
SETS: Final[Mapping[str, Text]] = {
    "daily": gettext_lazy("daily questions"),
    "door": gettext_lazy("questions right before a session"),
    "weekly": gettext_lazy("weekly questions"),
    "intake": gettext_lazy("check-in"),
    "outcome": gettext_lazy("questions after 4, 8, 12 and 26 weeks"),
}
#: With more answers than this a form for their labels would be longer than it is worth.
MOST_LABELS: Final = 7


class HasNoWording(Missing):
    """No practice can word this instrument; the sentence says why."""

    title = gettext_lazy("There is nothing to add here")
    mend = gettext_lazy("Go back to the list of questionnaires.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """An instrument whose wording may ship: where it is asked and who allows that."""

    id: str
    name: str
    measures: str
    sets: tuple[str, ...]  # empty: no set of questions holds it
    terms: str
    holder: str
    house: bool
    sure: Text
    version: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingRow:
    """One wording of a practice: its texts, its licence, who recorded it, from when to when."""

    id: int
    state: State
    version: int
    language: str
    stem: str
    items: Mapping[str, str]
    options: Mapping[int, str]
    licence: str
    recorded_by: str
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentRow:
    """An instrument that is scored and not worded here: why, and the practice's own wording."""

    id: str
    name: str
    measures: str
    terms: str
    sure: Text
    version: int
    item_ids: tuple[str, ...]
    points: tuple[int, ...]
    why_not: str  # empty: a practice may word it
    own: WordingRow | None

    @property
    def labelled(self) -> tuple[int, ...]:
        """The points for which the form asks a label; empty when there are too many."""
        return self.points if len(self.points) <= MOST_LABELS else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """An instrument that is not used here, with the reason."""

    id: str
    name: str
    reason: str
    terms: str
    sure: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Every instrument of the data, each in one of three lists, by name."""

    asked: tuple[AskedRow, ...]
    silent: tuple[SilentRow, ...]
    refused: tuple[RefusedRow, ...]


def known_to(practice: Practice) -> Known:
    """Every instrument with what this practice may do with it; 1 query."""
    known = instruments.load()
    rows = LicensedWording.objects.filter(practice=practice, withdrawn_at__isnull=True)
    own = {row.instrument: _wording(row) for row in rows.select_related("recorded_by")}
    return Known(
        asked=tuple(_asked(known, one) for one in _by_name(known.instruments)),
        silent=tuple(_silent(one, own.get(one.id)) for one in _by_name(known.scoring_only)),
        refused=tuple(_refused(one) for one in _by_name(known.refused)),
    )


def silent_row(practice: Practice, instrument: str) -> SilentRow:
    """One scoring-only instrument with the wording that stands; raises Missing, HasNoWording."""
    entry = wordable(instrument)
    row = _standing(practice, instrument)
    return _silent(entry, None if row is None else _wording(row))


def history(practice: Practice, instrument: str) -> tuple[WordingRow, ...]:
    """Every wording this practice recorded for an instrument, the newest first; 1 query."""
    rows = LicensedWording.objects.filter(practice=practice, instrument=instrument)
    found = rows.select_related("recorded_by").order_by("-recorded_at", "-pk")
    return tuple(_wording(row) for row in found)


def wordable(instrument: str) -> ScoringOnly:
    """The scoring-only instrument of that id; raises Missing or, with the reason, HasNoWording."""
    known = instruments.load()
    if instrument in known.refused:
        raise HasNoWording(known.refused[instrument].reason)
    if instrument in known.instruments:
        name = known.instruments[instrument].name
        raise HasNoWording(_("%(name)s already has its wording here.") % {"name": name})
    if instrument not in known.scoring_only:
        raise Missing
    return known.scoring_only[instrument]


def _standing(practice: Practice, instrument: str) -> LicensedWording | None:
    rows = LicensedWording.objects.filter(practice=practice, instrument=instrument)
    return rows.filter(withdrawn_at__isnull=True).select_related("recorded_by").first()


E = TypeVar("E", Instrument, ScoringOnly, Refused)


def _by_name(entries: Mapping[str, E]) -> list[E]:
    return sorted(entries.values(), key=lambda entry: entry.name.casefold())


def _asked(known: instruments.Catalogue, entry: Instrument) -> AskedRow:
    licence = entry.licence
    origin = known.instrument(licence.same_as).licence if licence.same_as else licence
    return AskedRow(
        id=entry.id,
        name=entry.name,
        measures=entry.measures,
        sets=tuple(str(SETS[name]) for name in _sets(known, entry.id)),
        terms=licence.terms or origin.terms,
        holder=known.attribution(entry.id) or entry.source,
        house=licence.ship == "house",
        sure=SURE[licence.conf],
        version=entry.version,
        language=entry.language,
    )


def _sets(known: instruments.Catalogue, name: str) -> Iterator[str]:
    """The batteries that ask for an instrument: by name, inside another, or as the next step."""
    for battery in known.batteries.values():
        listed = {one.partition(".")[0] for one in battery.names}
        within = {part for one in listed for part in known.instrument(one).includes}
        further = {
            branch.ask
            for one in listed & {battery.branch}
            for branch in known.instrument(one).branch
        }
        if name in listed | within | further:
            yield battery.id


def _silent(entry: ScoringOnly, own: WordingRow | None) -> SilentRow:
    return SilentRow(
        id=entry.id,
        name=entry.name,
        measures=entry.measures,
        terms=entry.licence.terms,
        sure=SURE[entry.licence.conf],
        version=entry.version,
        item_ids=tuple(item.id for item in entry.items),
        points=entry.items[0].scale.points if entry.items else (),
        why_not=entry.scoring.not_scored,
        own=own,
    )


def _refused(entry: Refused) -> RefusedRow:
    return RefusedRow(
        id=entry.id,
        name=entry.name,
        reason=entry.reason,
        terms=entry.terms or entry.note,
        sure=SURE[entry.conf],
    )


def _wording(row: LicensedWording) -> WordingRow:
    return WordingRow(
        id=row.pk,
        state=_state(row),
        version=row.version,
        language=row.language,
        stem=row.stem,
        items=row.items,
        options={int(points): label for points, label in row.options.items()},
        licence=row.licence,
        recorded_by=row.recorded_by.name or row.recorded_by.email,
        recorded_at=row.recorded_at,
        withdrawn_at=row.withdrawn_at,
    )


def _state(row: LicensedWording) -> State:
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "asked" if questionnaires.is_current(row) else "outdated"
