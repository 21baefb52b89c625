"""Read a JSON file of answers so strictly that nothing in it is taken for something else.

A key that is there twice, a number that is not written as a whole one, and nesting that no answer
needs are problems, not guesses. Each problem is one sentence: the key, what was found (at most 40
characters of it), and what was expected.
"""

import errno
import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

LARGEST = 1_000_000  # bytes; a whole screening with every answer is below a hundredth of it
DEEPEST = 6
SHOWN = 40  # characters of what was found
#: How many problems are listed one by one, and up to how many names are spelled out.
LISTED, SPELLED_OUT = 50, 8
_LONGEST_WHOLE = 18  # digits and sign: more of them are no answer to anything


class UnusableAnswers(ValueError):
    """The file cannot be used; `problems` has one sentence for each reason."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(_listed(problems)))


class Object(dict[str, object]):
    """A JSON object that remembers which of its keys were written more than once."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotWhole:
    """A number as it was written that is not a whole one: 3.0, 1e400, NaN, 40 digits."""

    text: str


@dataclass(frozen=True, slots=True)
class Problems:
    """The sentences collected while a file is read."""

    sentences: list[str] = field(default_factory=list)

    def expected(self, key: str, found: object, expected: str) -> None:
        """Add: `key` holds `found`, and something else was expected."""
        self.sentences.append(f"{shown_key(key)}: found {shown(found)}, expected {expected}.")

    def told(self, key: str, what: str) -> None:
        """Add a sentence of its own about `key`."""
        self.sentences.append(f"{shown_key(key)}: {what}.")

    def check(self) -> None:
        """Refuse the file when anything was found."""
        if self.sentences:
            raise UnusableAnswers(*self.sentences)


def read_file(path: Path, what: str = "answers") -> Object:
    """The object in the file of `what` at `path`; raises UnusableAnswers."""
    name = _cut(_printable(path.name or str(path)))
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as problem:
        raise UnusableAnswers(_cannot_open(name, what, problem)) from problem
    return read(raw, name, what)


def read(raw: bytes, name: str, what: str = "answers") -> Object:
    """The object in `raw`, the content of the file called `name`; raises UnusableAnswers."""
    if len(raw) > LARGEST:
        raise UnusableAnswers(f"{name} is larger than 1 MB: {what} never are.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnusableAnswers(f"{name} is not a text file in UTF-8.") from problem
    found = _parsed(text, name, what)
    if not isinstance(found, Object):
        raise UnusableAnswers(f"{name}: found {shown(found)}, expected an object in braces.")
    problems = Problems()
    for key in _repeated(found, name, what):
        problems.told(key, "found more than once, expected once")
    problems.check()
    return found


def check_keys(found: Mapping[str, object], known: Collection[str], problems: Problems) -> None:
    """Add a problem for each key of the file that nothing reads."""
    for key in (key for key in found if key not in known):
        problems.told(key, f"found a key that nothing reads, expected {one_of(known)}")


def object_at(found: Mapping[str, object], key: str, problems: Problems) -> Mapping[str, object]:
    """The object under `key`; empty when it is not there or, with a problem, something else."""
    value = found.get(key, {})
    if isinstance(value, dict):
        return value
    problems.expected(key, value, "an object in braces")
    return {}


def list_at(found: Mapping[str, object], key: str, problems: Problems) -> list[object]:
    """The list under `key`; empty when it is not there or, with a problem, something else."""
    value = found.get(key, [])
    if isinstance(value, list):
        return value
    problems.expected(key, value, "a list in brackets")
    return []


def whole(value: object) -> bool:
    """Whether `value` was written as a whole number; true and 3.0 were not."""
    return isinstance(value, int) and not isinstance(value, bool)


def one_of(names: Collection[str]) -> str:
    """The names that may stand somewhere: all of a few, the first and last of many."""
    known = list(names)
    if len(known) > SPELLED_OUT:
        return f"one of {known[0]} … {known[-1]} ({len(known)} are known)"
    return "one of " + ", ".join(known) if known else "nothing here"


def shown(value: object) -> str:
    """What was found, in at most 40 of its characters; long text with its length."""
    match value:
        case None | bool():
            return json.dumps(value)
        case NotWhole(text):
            return _cut(text)
        case str():
            long = f" ({len(value):,} characters)" if len(value) > SHOWN else ""
            return f'"{_printable(_cut(value))}"{long}'
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return _cut(str(value))


def shown_key(key: str) -> str:
    """A key of the file, fit for a terminal; each of its parts in at most 40 characters."""
    return ".".join(_printable(_cut(part)) or '""' for part in key.split("."))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _listed(problems: Collection[str]) -> Iterator[str]:
    yield from list(problems)[:LISTED]
    if len(problems) > LISTED:
        yield f"… and {len(problems) - LISTED} more."


def _cannot_open(name: str, what: str, problem: OSError) -> str:
    match problem.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return f"There is no file {name}."
        case errno.EISDIR:
            return f"{name} is a folder, expected a file of {what}."
        case errno.EACCES | errno.EPERM:
            return f"This account may not read {name}."
        case number:
            return f"{name} cannot be read: {os.strerror(number or 0)}."


def _parsed(text: str, name: str, what: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=NotWhole,
            parse_constant=NotWhole,
        )
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise UnusableAnswers(f"{name} is not JSON: it cannot be read at {place}.") from problem
    except RecursionError as problem:
        raise UnusableAnswers(_too_deep(name, what)) from problem


def _object(pairs: list[tuple[str, object]]) -> Object:
    made = Object(pairs)
    if len(made) < len(pairs):
        counted = Counter(key for key, _value in pairs)
        made.twice = tuple(key for key, times in counted.items() if times > 1)
    return made


def _whole(text: str) -> int | NotWhole:
    return int(text) if len(text) <= _LONGEST_WHOLE else NotWhole(text)


def _repeated(found: Object, name: str, what: str) -> Iterator[str]:
    """The keys written more than once, anywhere; raises UnusableAnswers for deep nesting."""
    waiting: list[tuple[str, object, int]] = [("", found, 1)]
    while waiting:
        key, value, depth = waiting.pop()
        if depth > DEEPEST:
            raise UnusableAnswers(_too_deep(name, what))
        inner: Iterator[tuple[str, object]] = iter(())
        if isinstance(value, Object):
            yield from (_below(key, one) for one in value.twice)
            inner = ((_below(key, one), part) for one, part in value.items())
        elif isinstance(value, list):
            inner = ((f"{key}[{place}]", part) for place, part in enumerate(value))
        nested = [(one, part) for one, part in inner if isinstance(part, (Object, list))]
        waiting += [(one, part, depth + 1) for one, part in reversed(nested)]


def _below(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _too_deep(name: str, what: str) -> str:
    return f"{name} is nested more than {DEEPEST} levels deep: {what} never are."
