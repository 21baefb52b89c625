"""Read one knowledge file: TOML in, a checked pydantic model out.

Units   none.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected.
Source  docs/decisions/0006-knowledge-is-toml-data.md
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

KNOWLEDGE = Path(__file__).resolve().parent.parent / "knowledge"

#: How sure a fact is: read in a look-up, known from a citation, to be checked, or derived by us.
Confidence = Literal["seen", "known", "unsure", "derived"]


class KnowledgeError(ValueError):
    """A knowledge file breaks its schema; the text has one line per problem."""


class Entry(BaseModel):
    """Base of every knowledge model: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


E = TypeVar("E", bound=Entry)


def read(path: Path, model: type[E]) -> E:
    """Read the TOML file at `path` as `model`; raises KnowledgeError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{_short(path)}: cannot be read as TOML: {error}") from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise KnowledgeError("\n".join(_problems(path, error))) from error


def read_folder(folder: Path, model: type[E]) -> tuple[E, ...]:
    """Read every `*.toml` in `folder`, in name order; all files' problems are reported at once."""
    entries: list[E] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            entries.append(read(path, model))
        except KnowledgeError as error:
            problems.append(str(error))
    if problems:
        raise KnowledgeError("\n".join(problems))
    return tuple(entries)


class HasId(Protocol):
    """An entry that is found by its id."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=HasId)


def by_id(rows: Iterable[Row], row_id: str) -> Row:
    """Find the entry with this id; raises KeyError."""
    for row in rows:
        if row.id == row_id:
            return row
    raise KeyError(row_id)


def _problems(path: Path, error: ValidationError) -> list[str]:
    file = _short(path)
    return [
        f"{file}: {'.'.join(map(str, problem['loc'])) or '(file)'}: {problem['msg']}"
        for problem in error.errors()
    ]


def _short(path: Path) -> str:
    return str(path.relative_to(KNOWLEDGE)) if path.is_relative_to(KNOWLEDGE) else str(path)
