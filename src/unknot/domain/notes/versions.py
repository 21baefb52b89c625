"""What changed between two versions of a session note, section by section.

A version is plain data, as it is stored: texts, ratings 0 to 10, treated regions, marks 1 to 10.

Units   minutes of hands-on time; pressure 1 to 5; ratings 0 to 10; marks 1 to 10.
Errors  none.
Source  ours; the sections are those of src/unknot/domain/notes/soap.py.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

TEXTS = ("subjective", "objective", "assessment", "plan")
RATINGS = ("pain_before", "pain_after", "tension_before", "tension_after")
LISTS = ("treatments", "marks")
SECTIONS = (*TEXTS, *RATINGS, *LISTS)

#: A version as it is stored; what is left out is empty.
Version = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of a text, and whether the other version lacks them."""

    words: str
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One section that differs; for lists and ratings only the two values."""

    section: str
    before: Any
    after: Any

    @property
    def is_text(self) -> bool:
        """Whether the section is one of the four texts."""
        return self.section in TEXTS


def changes(before: Version, after: Version) -> tuple[Change, ...]:
    """Give each section that differs between two versions, in page order."""
    return tuple(
        Change(section=name, before=_value(before, name), after=_value(after, name))
        for name in SECTIONS
        if _value(before, name) != _value(after, name)
    )


def side_by_side(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Cut two texts into words that both have and words that only one has.

    White space alone is no difference: each side keeps its own.
    """
    one, other = _words(before), _words(after)
    matcher = SequenceMatcher(a=_bare(one), b=_bare(other), autojunk=False)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        left += _pieces(one[a:b], changed=kind != "equal")
        right += _pieces(other[c:d], changed=kind != "equal")
    return tuple(left), tuple(right)


def _value(version: Version, section: str) -> Any:
    empty: Any = "" if section in TEXTS else None if section in RATINGS else _nothing(section)
    return version.get(section, empty)


def _nothing(section: str) -> Any:
    return {} if section == "marks" else []


def _words(text: str) -> list[str]:
    """Words with the white space after them, so that together they are the text."""
    return re.findall(r"\S+\s*|\s+", text)


def _bare(words: list[str]) -> list[str]:
    return [word.strip() for word in words]


def _pieces(words: list[str], *, changed: bool) -> list[Piece]:
    return [Piece(words="".join(words), changed=changed)] if words else []
