"""Merge two copies of one note that grew from the same base, without losing either.

A copy is a mapping from the name of a part to what stands there: one entry for each text, each
rating, each region treated with a technique, each mark. What is not filled in has no entry. A part
that one side changed is taken from that side; a part that both changed to different things is a
clash, and a person chooses.

Units   none: values are compared, never reckoned with.
Errors  UnknownChoice: a choice that is not one of `CHOICES`.
Source  three-way merge as in version control (diff3), for each part instead of each line; ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Value = str | int | tuple[int, int]
Copy = Mapping[str, Value]

MINE, THEIRS, BOTH = "mine", "theirs", "both"
CHOICES = (MINE, THEIRS, BOTH)


class UnknownChoice(ValueError):
    """Neither mine nor theirs nor both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A part that both sides changed to different things; None stands for "not there"."""

    key: str
    base: Value | None
    mine: Value | None
    theirs: Value | None

    @property
    def can_keep_both(self) -> bool:
        """Whether the two can stand one after the other: only texts can."""
        return isinstance(self.mine, str) and isinstance(self.theirs, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What both sides agree on, and where they clash, in the order of `values` then of my copy."""

    values: Copy
    clashes: tuple[Clash, ...] = ()


def merge(base: Copy, mine: Copy, theirs: Copy) -> Merged:
    """Return what two copies of `base` make together; a clashing part stands only in `clashes`."""
    values: dict[str, Value] = {}
    clashes = []
    for key in dict.fromkeys((*theirs, *mine, *base)):
        was, ours, others = base.get(key), mine.get(key), theirs.get(key)
        if others in (was, ours):  # the other side changed nothing, or the same as I did
            kept = ours
        elif ours == was:
            kept = others
        else:
            clashes.append(Clash(key=key, base=was, mine=ours, theirs=others))
            continue
        if kept is not None:
            values[key] = kept
    return Merged(values=values, clashes=tuple(clashes))


def settle(merged: Merged, choices: Mapping[str, str]) -> Merged:
    """Return `merged` with each clash that `choices` names decided; the others stay.

    "both" puts their text before mine; where that cannot be, the clash stays.
    """
    values, left = dict(merged.values), []
    for clash in merged.clashes:
        choice = choices.get(clash.key, "")
        if choice and choice not in CHOICES:
            raise UnknownChoice(choice)
        if not choice or (choice == BOTH and not clash.can_keep_both):
            left.append(clash)
            continue
        kept = _decided(clash, choice)
        if kept is not None:
            values[clash.key] = kept
    return Merged(values=values, clashes=tuple(left))


def _decided(clash: Clash, choice: str) -> Value | None:
    if choice == BOTH:
        return f"{clash.theirs}\n\n{clash.mine}"
    return clash.mine if choice == MINE else clash.theirs
