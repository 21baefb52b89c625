"""A draft of a record: what may be written before signing, and the ways it travels.

As a `Draft` between pages and actions; part by part, to be merged with another copy; and as a
text in a form, so that a copy carries the one it grew from.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from unknot.domain.notes import soap
from unknot.domain.notes.merge import Copy, Value

TEXTS = ("subjective", "objective", "assessment", "plan")
RATINGS = ("pain_before", "pain_after", "tension_before", "tension_after")
TREATED, MARK = "treated", "mark"
MOST_PARTS = 200  # more than 60 rows, 73 marks and 8 fields together


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything a therapist may write before signing; None and empty mean not filled in."""

    subjective: str = ""
    objective: str = ""
    assessment: str = ""
    plan: str = ""
    pain_before: int | None = None
    pain_after: int | None = None
    tension_before: int | None = None
    tension_after: int | None = None
    treatments: tuple[soap.TreatedRegion, ...] = ()
    marks: Mapping[str, int] = field(default_factory=dict)


def as_copy(draft: Draft) -> dict[str, Value]:
    """Take a draft apart; what is not filled in has no part."""
    found = {name: getattr(draft, name) for name in (*TEXTS, *RATINGS)}
    copy: dict[str, Value] = {
        name: value for name, value in found.items() if value not in ("", None)
    }
    for row in draft.treatments:
        key = f"{TREATED}.{row.region}.{row.technique}"
        copy[key] = (row.minutes or 0, row.pressure or 0)
    return copy | {f"{MARK}.{region}": level for region, level in draft.marks.items()}


def from_copy(copy: Copy) -> Draft:
    """Put the parts of a draft together again."""
    values: dict[str, Any] = {}
    rows, marks = [], {}
    for key, value in copy.items():
        kind, _dot, rest = key.partition(".")
        if kind == TREATED and isinstance(value, tuple):
            region, _dot, technique = rest.partition(".")
            minutes, pressure = value
            rows.append(
                soap.TreatedRegion(
                    region=region, technique=technique, minutes=minutes, pressure=pressure
                )
            )
        elif kind == MARK and isinstance(value, int):
            marks[rest] = value
        else:
            values[key] = value
    return Draft(**values, treatments=tuple(rows), marks=marks)


def as_text(draft: Draft) -> str:
    """Write a draft as one line for a field of a form."""
    return json.dumps(as_copy(draft), ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Draft:
    """Read what `as_text` wrote; an empty draft for anything else: then more is asked, not less."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return Draft()
    if not isinstance(found, dict) or len(found) > MOST_PARTS:
        return Draft()
    parts = {key: _value(key, value) for key, value in found.items()}
    return from_copy({key: value for key, value in parts.items() if value is not None})


def _value(key: str, value: object) -> Value | None:
    """The value of a part, or None when no part of that name holds such a value."""
    kind = key.partition(".")[0]
    if key in TEXTS:
        return value if isinstance(value, str) and value else None
    if key in RATINGS or kind == MARK:
        return value if _is_number(value) else None  # type: ignore[return-value]
    if kind == TREATED and isinstance(value, list) and len(value) == 2:
        minutes, pressure = value
        return (minutes, pressure) if _is_number(minutes) and _is_number(pressure) else None
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
