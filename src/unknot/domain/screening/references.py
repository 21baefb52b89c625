"""Whether the instruments name only red flags that the safety table has.

Units   none.
Errors  none: each dangling name is a line that says file, key and what was expected.
Source  docs/decisions/0006-knowledge-is-toml-data.md
"""

from collections.abc import Iterator

from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.screening.catalogue import Table


def dangling_flags(table: Table, instruments: Catalogue) -> tuple[str, ...]:
    """One line for each red flag that an answer or a battery names and the table lacks."""
    known = {flag.id for flag in table.red_flags}
    return tuple(
        f"instruments/{place}: expected a red flag of screening/red_flags.toml, found {flag!r}"
        for place, flag in _named(instruments)
        if flag not in known
    )


def _named(instruments: Catalogue) -> Iterator[tuple[str, str]]:
    for instrument in instruments.instruments.values():
        for item in instrument.items:
            for option in item.scale.option:
                if option.red_flag:
                    yield f"{instrument.id}.toml: item.{item.id}.red_flag", option.red_flag
    for name, battery in instruments.batteries.items():
        if battery.safety_recheck:
            yield f"shared/batteries.toml: {name}.safety_recheck", battery.safety_recheck
