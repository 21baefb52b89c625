"""The highest action per technique and place: what the fired rows add up to.

Units   action ranks as in `clauses`; regions are body-map ids, None stands for anywhere.
Errors  KeyError for a technique or region that does not exist.
Source  `engine.precedence` in knowledge/screening/table.toml
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.screening.clauses import Action


class Row(Protocol):
    """A fired row as far as it limits techniques."""

    @property
    def action(self) -> Action: ...
    @property
    def techniques(self) -> frozenset[str]: ...
    @property
    def regions(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for each technique anywhere, and the regions where more is asked."""

    anywhere: Mapping[str, Action]
    somewhere: Mapping[tuple[str, str], Action]

    def action(self, technique: str, region: str | None = None) -> Action:
        """Give the action for `technique` in `region` or anywhere; KeyError if unknown."""
        wide = self.anywhere[technique]
        if region is None:
            return wide
        if region not in bodymap.load().by_id:
            raise KeyError(region)
        return max(wide, self.somewhere.get((technique, region), Action.OK))

    def avoided(self, technique: str) -> frozenset[str]:
        """Name the regions where `technique` is to be avoided; KeyError if unknown."""
        if self.anywhere[technique] is Action.AVOID:
            return frozenset(bodymap.load().by_id)
        return frozenset(
            region
            for (name, region), asked in self.somewhere.items()
            if name == technique and asked is Action.AVOID
        )


def add_up(techniques: Collection[str], rows: Iterable[Row]) -> Limits:
    """Take the highest action of `rows` for each technique: two rows never cancel each other."""
    asking = [row for row in rows if row.action is not Action.OK]
    anywhere = dict.fromkeys(techniques, Action.OK)
    somewhere: dict[tuple[str, str], Action] = {}
    for row in asking:
        if not row.regions:
            for technique in row.techniques:
                anywhere[technique] = max(anywhere[technique], row.action)
    for row in asking:
        for technique in row.techniques:
            if row.action > anywhere[technique]:  # less asked than anywhere changes nothing
                _ask_more(somewhere, technique, row)
    return Limits(anywhere=anywhere, somewhere=somewhere)


def _ask_more(somewhere: dict[tuple[str, str], Action], technique: str, row: Row) -> None:
    for region in row.regions:
        if row.action > somewhere.get((technique, region), Action.OK):
            somewhere[technique, region] = row.action
