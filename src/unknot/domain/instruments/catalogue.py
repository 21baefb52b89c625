"""Every instrument Unknot knows, read once from the knowledge files and checked as a whole.

Units   none.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected.
        UnknownInstrument: code asks for an instrument that no file defines.
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
    NotShipped,
)
from unknot.domain.knowledge import KNOWLEDGE, Entry, KnowledgeError, read, read_folder

FOLDER = KNOWLEDGE / "instruments"


class UnknownInstrument(LookupError):
    """No knowledge file defines an instrument, battery or card of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All instruments with what they share; what refers to another is known to exist."""

    instruments: Mapping[str, Instrument]
    not_shipped: Mapping[str, NotShipped]
    batteries: Mapping[str, Battery]
    cards: Mapping[str, SupportCard]
    responder_rule: ResponderRule
    notices: Notices

    def instrument(self, instrument_id: str) -> Instrument:
        """The instrument of that id; raises UnknownInstrument."""
        return _named(self.instruments, instrument_id, "instrument")

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
    not_shipped = read_folder(folder / "not_shipped", NotShipped)
    responder_rule = _shared(folder, "responder_rule", ResponderRule)
    problems = [
        *_file_names(folder, entries),
        *_file_names(folder / "not_shipped", not_shipped),
        *(line for entry in entries for line in _references(entry, names, lists, cards)),
        *(line for battery in batteries for line in _battery_references(battery, names)),
        *_rule_references(responder_rule, names),
    ]
    if problems:
        raise KnowledgeError("\n".join(problems))
    ready = {entry.id: _resolved(entry, names, lists) for entry in entries}
    if problems := [line for one in ready.values() for line in _inner_names(one)]:
        raise KnowledgeError("\n".join(problems))
    return Catalogue(
        instruments=ready,
        not_shipped={entry.id: entry for entry in not_shipped},
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


def _file_names(folder: Path, entries: Sequence[InstrumentEntry | NotShipped]) -> Iterator[str]:
    where = "instruments/not_shipped" if folder.name == "not_shipped" else "instruments"
    for path, entry in zip(sorted(folder.glob("*.toml")), entries, strict=True):
        if path.stem != entry.id:
            yield f"{where}/{path.name}: id: expected {path.stem!r}, found {entry.id!r}"


def _unknown(file: str, key: str, found: str, known: Iterable[str]) -> Iterator[str]:
    if found not in known:
        yield f"instruments/{file}.toml: {key}: expected one of {sorted(known)}, found {found!r}"


def _references(
    entry: InstrumentEntry,
    names: Mapping[str, InstrumentEntry],
    lists: Mapping[str, AnswerList],
    cards: Mapping[str, SupportCard],
) -> Iterator[str]:
    for item in entry.item:
        answers = item.answers or entry.answers
        yield from _unknown(entry.id, f"item.{item.id}.answers", answers, lists)
    for name in entry.includes:
        yield from _unknown(entry.id, "includes", name, names)
    if entry.licence.same_as:
        yield from _unknown(entry.id, "licence.same_as", entry.licence.same_as, names)
    for branch in entry.branch:
        yield from _unknown(entry.id, "branch.ask", branch.ask, names)
    for support in entry.support:
        yield from _unknown(entry.id, "support.show", support.show, cards)


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


def _inner_names(instrument: Instrument) -> Iterator[str]:
    items = {item.id for item in instrument.items}
    scoring = instrument.scoring
    for key, name in _item_references(instrument):
        yield from _unknown(instrument.id, key, name, items)
    for item in instrument.items:
        if item.subscale and item.subscale not in scoring.subscales:
            yield from _unknown(
                instrument.id, f"item.{item.id}.subscale", item.subscale, scoring.subscales
            )
    for key, condition in _conditions(instrument):
        for name in sorted(condition.names):
            known = items | scoring.subscales.keys() | {"total"}
            yield from _unknown(instrument.id, key, name, known)
    required = [item for item in instrument.items if not item.optional]
    if scoring.method == "single" and not (scoring.item or scoring.separate) and len(required) > 1:
        yield (
            f"instruments/{instrument.id}.toml: scoring.item: expected the item that is the score, "
            "or separate = true"
        )


def _item_references(instrument: Instrument) -> Iterator[tuple[str, str]]:
    scoring = instrument.scoring
    if scoring.item:
        yield "scoring.item", scoring.item
    yield from (("scoring.items", name) for name in scoring.items)
    for subscale, entry in scoring.subscales.items():
        yield from ((f"scoring.subscales.{subscale}.items", name) for name in entry.items)
    for position, example in enumerate(instrument.example):
        yield from ((f"example.{position}.answers", name) for name in example.answers)


def _conditions(instrument: Instrument) -> Iterator[tuple[str, Condition]]:
    yield from (("scoring.rule.when", r.when) for r in instrument.scoring.rule if r.when)
    yield from (("branch.when", branch.when) for branch in instrument.branch)
    yield from (("support.when", support.when) for support in instrument.support)
    yield from ((f"item.{item.id}.ask_if", item.ask_if) for item in instrument.items if item.ask_if)
