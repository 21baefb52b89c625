"""Every instrument Unknot knows, read once from the knowledge files and checked as a whole.

Units   none.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected.
        UnknownInstrument: code asks for an instrument that no file defines.
        RefusedInstrument: someone asks for one that is not used here; its text says why.
Source  src/unknot/knowledge/instruments
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from unknot.domain.instruments.batteries import (
    AnswerLists,
    Batteries,
    Battery,
    Notices,
    ResponderRule,
    SupportCard,
    SupportCards,
)
from unknot.domain.instruments.conditions import Condition
from unknot.domain.instruments.definition import (
    AnswerList,
    Instrument,
    InstrumentEntry,
    Item,
    Scored,
)
from unknot.domain.instruments.scoring import Scorable
from unknot.domain.instruments.withheld import Refused, ScoringOnly, ScoringOnlyEntry
from unknot.domain.knowledge import KNOWLEDGE, Entry, KnowledgeError, read, read_folder

FOLDER = KNOWLEDGE / "instruments"


class UnknownInstrument(LookupError):
    """No knowledge file defines an instrument, battery or card of this name."""


class RefusedInstrument(LookupError):
    """The instrument is not used here; the text is the sentence that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All instruments with what they share; what refers to another is known to exist."""

    instruments: Mapping[str, Instrument]
    scoring_only: Mapping[str, ScoringOnly]
    refused: Mapping[str, Refused]
    batteries: Mapping[str, Battery]
    cards: Mapping[str, SupportCard]
    responder_rule: ResponderRule
    notices: Notices

    def instrument(self, instrument_id: str) -> Instrument:
        """The instrument of that id, with its wording; raises UnknownInstrument."""
        return _named(self.instruments, instrument_id, "instrument")

    def find(self, instrument_id: str) -> Scorable:
        """What scores that id, with wording or not; raises UnknownInstrument, RefusedInstrument."""
        if instrument_id in self.refused:
            raise RefusedInstrument(self.refused[instrument_id].reason)
        if instrument_id in self.scoring_only:
            return self.scoring_only[instrument_id]
        return self.instrument(instrument_id)

    def battery(self, battery_id: str) -> Battery:
        """The battery of that id; raises UnknownInstrument."""
        return _named(self.batteries, battery_id, "battery")

    def card(self, card_id: str) -> SupportCard:
        """The support card of that id; raises UnknownInstrument."""
        return _named(self.cards, card_id, "support card")

    def attribution(self, instrument_id: str) -> str:
        """The holder's text to print with the form, following `same_as`; empty when none."""
        licence = self.instrument(instrument_id).licence
        if licence.same_as:
            return self.attribution(licence.same_as)
        return licence.holder_text


@cache
def load(folder: Path = FOLDER) -> Catalogue:
    """Read and check all instruments in `folder`; raises KnowledgeError naming file and key."""
    lists = {entry.id: entry for entry in _shared(folder, "answer_lists", AnswerLists).list}
    entries = read_folder(folder, InstrumentEntry)
    names = {entry.id: entry for entry in entries}
    cards = {card.id: card for card in _shared(folder, "support_cards", SupportCards).card}
    batteries = _shared(folder, "batteries", Batteries).battery
    silent = read_folder(folder / "scoring_only", ScoringOnlyEntry)
    refused = read_folder(folder / "refused", Refused)
    responder_rule = _shared(folder, "responder_rule", ResponderRule)
    problems = [
        *_file_names(folder, "", entries),
        *_file_names(folder, "scoring_only/", silent),
        *_file_names(folder, "refused/", refused),
        *_each_id_once([*entries, *silent, *refused]),
        *(line for entry in entries for line in _references(entry, names, lists)),
        *(line for entry in (*entries, *silent) for line in _next_steps(entry, names, cards)),
        *(line for battery in batteries for line in _battery_references(battery, names)),
        *_rule_references(responder_rule, names),
    ]
    if problems:
        raise KnowledgeError("\n".join(problems))
    ready = {entry.id: _resolved(entry, names, lists) for entry in entries}
    mute = {entry.id: entry.resolved() for entry in silent}
    scorable: list[Scorable] = [*ready.values(), *mute.values()]
    if problems := [line for one in scorable for line in (*_inner_names(one), *_ranges(one))]:
        raise KnowledgeError("\n".join(problems))
    return Catalogue(
        instruments=ready,
        scoring_only=mute,
        refused={entry.id: entry for entry in refused},
        batteries={battery.id: battery for battery in batteries},
        cards=cards,
        responder_rule=responder_rule,
        notices=_shared(folder, "notices", Notices),
    )


N = TypeVar("N")
S = TypeVar("S", bound=Entry)


def _named(table: Mapping[str, N], name: str, kind: str) -> N:
    if name not in table:
        raise UnknownInstrument(f"there is no {kind} {name!r}")
    return table[name]


def _shared(folder: Path, name: str, model: type[S]) -> S:
    return read(folder / "shared" / f"{name}.toml", model)


def _resolved(
    entry: InstrumentEntry, names: Mapping[str, InstrumentEntry], lists: Mapping[str, AnswerList]
) -> Instrument:
    parts = (entry, *(names[name] for name in entry.includes))
    items = tuple(
        Item(**_fields(item), scale=lists[item.answers or part.answers])
        for part in parts
        for item in part.item
    )
    return Instrument(**_fields(entry), items=items)


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in type(entry).model_fields}


def _file(entry: Entry, entry_id: str) -> str:
    match entry:
        case ScoringOnly() | ScoringOnlyEntry():
            return f"scoring_only/{entry_id}"
        case Refused():
            return f"refused/{entry_id}"
        case _:
            return entry_id


def _file_names(
    folder: Path, below: str, entries: Sequence[InstrumentEntry | ScoringOnlyEntry | Refused]
) -> Iterator[str]:
    for path, entry in zip(sorted((folder / below).glob("*.toml")), entries, strict=True):
        if path.stem != entry.id:
            where = f"instruments/{below}{path.name}"
            yield f"{where}: id: expected {path.stem!r}, found {entry.id!r}"


def _each_id_once(
    entries: Sequence[InstrumentEntry | ScoringOnlyEntry | Refused],
) -> Iterator[str]:
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            yield f"instruments/{_file(entry, entry.id)}.toml: id: {entry.id!r} is already taken"
        seen.add(entry.id)


def _unknown(file: str, key: str, found: str, known: Iterable[str]) -> Iterator[str]:
    if found not in known:
        yield f"instruments/{file}.toml: {key}: expected one of {sorted(known)}, found {found!r}"


def _references(
    entry: InstrumentEntry,
    names: Mapping[str, InstrumentEntry],
    lists: Mapping[str, AnswerList],
) -> Iterator[str]:
    for item in entry.item:
        answers = item.answers or entry.answers
        yield from _unknown(entry.id, f"item.{item.id}.answers", answers, lists)
    for name in entry.includes:
        yield from _unknown(entry.id, "includes", name, names)
    if entry.licence.same_as:
        yield from _unknown(entry.id, "licence.same_as", entry.licence.same_as, names)


def _next_steps(
    entry: Scored, names: Mapping[str, InstrumentEntry], cards: Mapping[str, SupportCard]
) -> Iterator[str]:
    for branch in entry.branch:
        yield from _unknown(_file(entry, entry.id), "branch.ask", branch.ask, names)
    for support in entry.support:
        yield from _unknown(_file(entry, entry.id), "support.show", support.show, cards)


def _battery_references(battery: Battery, names: Mapping[str, InstrumentEntry]) -> Iterator[str]:
    key = f"battery.{battery.id}"
    for name in battery.names:
        instrument, _, item = name.partition(".")
        yield from _unknown("shared/batteries", key, instrument, names)
        if item and instrument in names:
            known = {entry.id for entry in names[instrument].item}
            yield from _unknown("shared/batteries", f"{key}.{instrument}", item, known)


def _rule_references(rule: ResponderRule, names: Mapping[str, InstrumentEntry]) -> Iterator[str]:
    file = "shared/responder_rule"
    for drop in rule.improved_if.any:
        yield from _unknown(file, "improved_if.any.instrument", drop.instrument, names)
    yield from _unknown(file, "worse_if.instrument", rule.worse_if.instrument, names)
    for position, example in enumerate(rule.example):
        for name in (*example.baseline, *example.followup):
            yield from _unknown(file, f"example.{position}", name, names)


def _inner_names(instrument: Scorable) -> Iterator[str]:
    items = {item.id for item in instrument.items}
    scoring = instrument.scoring
    file = _file(instrument, instrument.id)
    for key, name in _item_references(instrument):
        yield from _unknown(file, key, name, items)
    for item in instrument.items:
        if item.subscale and item.subscale not in scoring.subscales:
            yield from _unknown(file, f"item.{item.id}.subscale", item.subscale, scoring.subscales)
    for key, condition in _conditions(instrument):
        for name in sorted(condition.names):
            known = items | scoring.subscales.keys() | {"total"}
            yield from _unknown(file, key, name, known)
    required = [item for item in instrument.items if not item.optional]
    if scoring.method == "single" and not (scoring.item or scoring.separate) and len(required) > 1:
        yield (
            f"instruments/{file}.toml: scoring.item: expected the item that is the score, "
            "or separate = true"
        )


def _item_references(instrument: Scorable) -> Iterator[tuple[str, str]]:
    scoring = instrument.scoring
    if scoring.item:
        yield "scoring.item", scoring.item
    yield from (("scoring.items", name) for name in scoring.items)
    yield from (("scoring.reversed", name) for name in scoring.reversed)
    for subscale, entry in scoring.subscales.items():
        yield from ((f"scoring.subscales.{subscale}.items", name) for name in entry.items)
    for position, example in enumerate(instrument.example):
        yield from ((f"example.{position}.answers", name) for name in example.answers)


def _ranges(instrument: Scorable) -> Iterator[str]:
    """The stated ranges of sums and means are those that the items can reach."""
    scoring = instrument.scoring
    ends = {
        item.id: (item.scale.points[0], item.scale.points[-1])
        for item in instrument.items
        if item.scale.points
    }
    stated = [(f"scoring.subscales.{k}", s.items, s.range) for k, s in scoring.subscales.items()]
    reached = [(key, found, _sum(ends, names)) for key, names, found in stated]
    counted = scoring.items or tuple(ends)
    if scoring.method in ("sum", "mean") and scoring.range:
        low, high = _sum(ends, counted)
        over = (len(counted) or 1) if scoring.method == "mean" else 1
        times = scoring.times
        reached.append(("scoring", scoring.range, (low * times // over, high * times // over)))
    for key, found, wanted in reached:
        if found != wanted:
            file = _file(instrument, instrument.id)
            yield f"instruments/{file}.toml: {key}.range: expected {wanted}, found {found}"


def _sum(ends: Mapping[str, tuple[int, int]], names: Sequence[str]) -> tuple[int, int]:
    known = [ends[name] for name in names if name in ends]
    return sum(low for low, _ in known), sum(high for _, high in known)


def _conditions(instrument: Scorable) -> Iterator[tuple[str, Condition]]:
    bands = instrument.bands.rule if instrument.bands else ()
    yield from (("scoring.rule.when", r.when) for r in instrument.scoring.rule if r.when)
    yield from (("bands.rule.when", rule.when) for rule in bands if rule.when)
    yield from (("branch.when", branch.when) for branch in instrument.branch)
    yield from (("support.when", support.when) for support in instrument.support)
    yield from ((f"item.{item.id}.ask_if", item.ask_if) for item in instrument.items if item.ask_if)
