"""Replay the worked examples of the instruments and of the responder rule.

Units   the points of each instrument.
Errors  none; a mismatch is a line naming file, example, what was expected and what was found.
Source  `[[example]]` in src/unknot/knowledge/instruments
"""

from collections.abc import Iterator

from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.change import responder
from unknot.domain.instruments.definition import Example
from unknot.domain.instruments.scoring import Scorable, Score, score


def replay(catalogue: Catalogue) -> tuple[str, ...]:
    """Every worked example that does not give what its file says, one line each."""
    return (
        *(line for one in catalogue.instruments.values() for line in _instrument("", one)),
        *(
            line
            for one in catalogue.scoring_only.values()
            for line in _instrument("scoring_only/", one)
        ),
        *_responder(catalogue),
    )


def mismatches(instrument: Scorable, example: Example) -> tuple[str, ...]:
    """What one example expects and does not get, as `name: expected …, found …`."""
    result = score(instrument, example.answers)
    expect = example.expect
    wanted: dict[str, object] = {**expect.subscales, **dict.fromkeys(expect.not_scored)}
    names = ("value", "band", "branch", "support")
    stated = {name: getattr(expect, name) for name in names}
    wanted |= {name: value for name, value in stated.items() if value is not None}
    return tuple(
        f"{name}: expected {value!r}, found {found!r}"
        for name, value in wanted.items()
        if (found := _found(result, name)) != value
    )


def _found(result: Score, name: str) -> object:
    match name:
        case "value" | "band" | "branch" | "support":
            return getattr(result, name)
        case _:
            return result.subscales.get(name, "no such score")


def _instrument(folder: str, instrument: Scorable) -> Iterator[str]:
    for position, example in enumerate(instrument.example):
        for line in mismatches(instrument, example):
            yield f"instruments/{folder}{instrument.id}.toml: example.{position}.{line}"


def _responder(catalogue: Catalogue) -> Iterator[str]:
    rule = catalogue.responder_rule
    for position, example in enumerate(rule.example):
        found = responder(rule, example.baseline, example.followup)
        if found != example.expect:
            yield (
                f"instruments/shared/responder_rule.toml: example.{position}.expect: "
                f"expected {example.expect!r}, found {found!r}"
            )
