"""Read and decide the small conditions that instruments use: `anxiety >= 3 or depression >= 3`.

Units   the points of the scores and answers that a condition names.
Errors  ValueError when the text is not `name [+ name] >= number [or …]`.
Source  the rules of the instruments themselves; this is only their notation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

_CLAUSE = re.compile(r"(?P<names>\w+(?: \+ \w+)*) (?P<sign>>=|<=) (?P<bound>\d+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One comparison of a sum of named values with a bound."""

    names: tuple[str, ...]
    at_least: bool
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Clauses of which one must hold, and the text they were read from."""

    text: str
    any_of: tuple[Clause, ...]

    @property
    def names(self) -> frozenset[str]:
        """Every value the condition looks at."""
        return frozenset(name for clause in self.any_of for name in clause.names)


def parse(text: object) -> Condition:
    """Read a condition from its text; raises ValueError saying which form was expected."""
    if isinstance(text, Condition):
        return text
    found = [_CLAUSE.fullmatch(part) for part in str(text).split(" or ")]
    if not isinstance(text, str) or not all(found):
        raise ValueError(f"expected 'name [+ name] >= number [or …]', found {text!r}")
    clauses = tuple(
        Clause(
            names=tuple(match["names"].split(" + ")),
            at_least=match["sign"] == ">=",
            bound=int(match["bound"]),
        )
        for match in found
        if match
    )
    return Condition(text=text, any_of=clauses)


def holds(condition: Condition, values: Mapping[str, float | None]) -> bool:
    """Whether a clause of `condition` holds; a clause with an unknown value does not."""
    return any(_clause_holds(clause, values) for clause in condition.any_of)


def _clause_holds(clause: Clause, values: Mapping[str, float | None]) -> bool:
    total = 0.0
    for name in clause.names:
        value = values.get(name)
        if value is None:
            return False
        total += value
    return total >= clause.bound if clause.at_least else total <= clause.bound


#: A condition written as text in a knowledge file.
ConditionText = Annotated[Condition, BeforeValidator(parse)]
