"""Time of the rules alone: scoring the whole intake battery, and screening with every rule.

`./unknot bench rules [--rounds 2000]` needs no database. Each round parses the answers of one
person from JSON, scores them and screens them, so that a busy moment falls on all three: read the
ratio, which moves little between machines and moments; milliseconds do. They are of processor time.
Beside the medians it prints whether scoring and screening together stayed under the target.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Instrument
from unknot.domain.instruments.scoring import score
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.answers import Answers
from unknot.domain.screening.decide import Decision, decide

TARGET_MS = 2.0
#: How long ten million empty turns take on a machine that is not slowed down, at most.
UNTHROTTLED_SECONDS = 1.0
TABLE, BODY, CATALOGUE = screening.load(), bodymap.load(), instruments.load()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person's answers as they would be written in JSON."""

    name: str
    said: Mapping[str, Any]

    def decide(self) -> Decision:
        """Screen with the whole table."""
        said = self.said
        answers = Answers(
            red_flags=said["red_flags"],
            conditions=said["conditions"],
            medicines=said["medicines"],
            facts=said["facts"],
            where={name: frozenset(places) for name, places in said["where"].items()},
        )
        return decide(
            TABLE,
            answers,
            age=said["age"],
            regions=said["regions"],
            onset_weeks=said["onset_weeks"],
        )


def intake() -> tuple[Instrument, ...]:
    """Every instrument of the intake, with those that a region or a score may add."""
    names = [name.partition(".")[0] for name in CATALOGUE.battery("intake").names]
    first = [CATALOGUE.instrument(name) for name in dict.fromkeys(names)]
    added = [branch.ask for instrument in first for branch in instrument.branch]
    known = dict.fromkeys([*(one.id for one in first), *added])
    return tuple(CATALOGUE.instrument(name) for name in known)


def points(instrument: Instrument) -> dict[str, int]:
    """An answer to every item: the highest, which asks whatever may be asked."""
    return {item.id: item.scale.points[-1] for item in instrument.items if item.scale.points}


def yes_to_everything(*, everywhere: bool) -> Person:
    """Every region marked and every question of the table answered with yes.

    Places nobody named mean anywhere; `everywhere` names every region for every local condition,
    which is the most work that answers can make.
    """
    marked = [region.id for region in BODY.regions if region.markable]
    local = [row.id for row in TABLE.conditions if row.kind == "local"]
    return Person(
        name="yes to everything, each place named" if everywhere else "yes to everything",
        said={
            "age": 70,
            "onset_weeks": 20.0,
            "regions": marked,
            "red_flags": dict.fromkeys((row.id for row in TABLE.red_flags), "yes"),
            "conditions": dict.fromkeys((row.id for row in TABLE.conditions), "yes"),
            "medicines": dict.fromkeys((row.id for row in TABLE.medicines), "yes"),
            "facts": dict.fromkeys((row.id for row in TABLE.facts), "yes"),
            "where": dict.fromkeys(local, marked) if everywhere else {},
        },
    )


def ordinary() -> Person:
    """Neck and shoulders, treated blood pressure, a scar: everything else is a no."""
    return Person(
        name="an ordinary one",
        said={
            "age": 42,
            "onset_weeks": 9.0,
            "regions": ["cervical_l", "upper_trap_l", "lumbar_mid"],
            "red_flags": dict.fromkeys((row.id for row in TABLE.red_flags), "no"),
            "conditions": {
                **dict.fromkeys((row.id for row in TABLE.conditions), "no"),
                "bp_controlled": "yes",
                "skin_broken": "yes",
            },
            "medicines": {
                **dict.fromkeys((row.id for row in TABLE.medicines), "no"),
                "antihypertensive": "yes",
            },
            "facts": {},
            "where": {"skin_broken": ["forearm_l", "hand_back_l"]},
        },
    )


def seconds(work: Callable[[], object]) -> float:
    """How long one call keeps the processor busy; the turns of other programs do not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def medians(person: Person, rounds: int) -> tuple[float, float, float]:
    """Milliseconds for parsing, scoring and screening one person's answers, in turn."""
    asked = intake()
    given = {instrument.id: points(instrument) for instrument in asked}
    text = json.dumps({**person.said, "points": given})

    def score_all() -> None:
        for instrument in asked:
            score(instrument, given[instrument.id])

    works: tuple[Callable[[], object], ...] = (
        lambda: json.loads(text),
        score_all,
        person.decide,
    )
    for work in works:
        work()
    taken = [tuple(seconds(work) for work in works) for _ in range(rounds)]
    parse, scoring, screen = (1000 * statistics.median(row) for row in zip(*taken, strict=True))
    return parse, scoring, screen


def turns() -> None:
    """Ten million empty turns: how fast this machine is just now."""
    for _ in range(10**7):
        pass


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./unknot bench rules", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000)
    rounds = parser.parse_args().rounds
    asked = intake()
    print(f"{len(asked)} instruments: {', '.join(one.id for one in asked)}")
    print(f"{len(TABLE.rules)} rules, {len(TABLE.red_flags)} red flags")
    print(f"processor time, median of {rounds} rounds")
    people = (ordinary(), yes_to_everything(everywhere=False), yes_to_everything(everywhere=True))
    for person in people:
        parse, scoring, screen = medians(person, rounds)
        both = scoring + screen
        print(f"\n{person.name}")
        for name, taken in (
            ("parsing the same answers as JSON", parse),
            ("scoring the intake battery", scoring),
            ("screening with every rule", screen),
            ("scoring and screening", both),
        ):
            print(f"  {name:34} {taken:7.3f} ms {taken / parse:7.1f} times the parsing")
        print(f"  under {TARGET_MS:g} ms: {'yes' if both < TARGET_MS else 'no'}")
    machine = seconds(turns)
    slowed = ": this machine is slowed down" if machine > UNTHROTTLED_SECONDS else ""
    print(f"\nten million empty turns: {machine:.2f} s{slowed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
