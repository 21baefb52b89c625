"""Read an answer of the NPPES API: a JSON file whose list `results` is read one by one.

Pure. The file is read whole: an answer of the API is small.

Units   lines are counted from 1, offsets in bytes; a column is named by its path.
Errors  NotARoster: the file is no answer of the API. A record that cannot be right is a `Problem`.
Source  NPPES API version 2.1.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from unknot.domain.credentials.roster import RosterRow
from unknot.interfaces.rosters import nppes
from unknot.interfaces.rosters.nppes import Cell, Licence, Provider
from unknot.interfaces.rosters.rows import (
    NotARoster,
    NotMeant,
    Place,
    Problem,
    Skipped,
    Step,
    Wrong,
)

LARGEST = 10_000_000  # bytes; the API gives at most 200 records at once, below a million
_DECODER = json.JSONDecoder()
_GAP = re.compile(r"[ \t\r\n]*")


def read(path: Path, begin: Place) -> Iterator[Step]:
    """Read the records at `begin` and behind it; raises NotARoster."""
    text = _text(path)
    results = _results_of(text)
    offset, done = 0, 0
    for place, ((end, line), result) in enumerate(zip(_places(text), results, strict=True)):
        after = offset + len(text[done:end].encode())
        if offset >= begin.offset:
            yield _step(line, f"results[{place}]", result, after)
        offset, done = after, end


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise NotARoster("The file is larger than any answer of the NPPES API.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotARoster("The file is not UTF-8 text: save it as UTF-8.") from error


def _results_of(text: str) -> list[Any]:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotARoster(
            f"The file is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except RecursionError as error:
        raise NotARoster("The file is not an answer of the NPPES API: it nests deep.") from error
    except ValueError as error:  # a number with more digits than Python turns into one
        said = "it has a number with thousands of digits"
        raise NotARoster(f"The file is not an answer of the NPPES API: {said}.") from error
    results = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(results, list):
        raise NotARoster('This is not an answer of the NPPES API: it has no list "results".')
    return results


def _step(line: int, path: str, result: Any, after: int) -> Step:
    # The offset is that of the text; nothing else reads it than `read` itself.
    items: tuple[RosterRow | Problem | Skipped, ...]
    try:
        if not isinstance(result, dict):
            raise Wrong(path, "expected a record.")
        items = nppes.rows(_provider(path, result))
    except Wrong as wrong:
        items = (Problem(line, wrong.column, wrong.reason),)
    except NotMeant as why:
        items = (Skipped(line, str(why)),)
    return Step(items, line, Place(after, line))


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where each record of "results" ends, and its line; the text is known to be sound JSON."""
    place, line = _results_at(text), 1
    line += text.count("\n", 0, place)
    while text[place] != "]":
        _, end = _DECODER.raw_decode(text, place)
        yield end, line
        end = _after(text, end, ",")
        line += text.count("\n", place, end)
        place = end


def _results_at(text: str) -> int:
    """Where the first record of the outermost "results" stands; the last one of that name wins."""
    found = 0
    place = _after(text, 0, "{")
    while text[place] != "}":
        name, place = _DECODER.raw_decode(text, place)
        place = _after(text, place, ":")
        if name == "results":
            found = _after(text, place, "[")
        _, place = _DECODER.raw_decode(text, place)
        place = _after(text, place, ",")
    return found


def _after(text: str, place: int, mark: str) -> int:
    """Step over blanks, `mark` if it stands there, and blanks again."""
    place = _GAP.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing too
    if text[place : place + 1] == mark:
        place = _GAP.match(text, place + 1).end()  # type: ignore[union-attr]
    return place


def _provider(path: str, result: dict[str, Any]) -> Provider:
    basic, base = _part(result, path, "basic")
    return Provider(
        npi=_word(result, path, "number"),
        kind=_word(result, path, "enumeration_type"),
        last=_word(basic, base, "last_name"),
        first=_word(basic, base, "first_name"),
        credential=_word(basic, base, "credential"),
        updated=_word(basic, base, "last_updated"),
        deactivated=_word(basic, base, "deactivation_date"),
        reactivated=_word(basic, base, "reactivation_date"),
        licences=tuple(_licences(result, path)),
    )


def _licences(result: dict[str, Any], path: str) -> Iterator[Licence]:
    taxonomies = result.get("taxonomies")
    if taxonomies is None:
        return
    if not isinstance(taxonomies, list):
        raise Wrong(f"{path}.taxonomies", "expected a list.")
    for place, one in enumerate(taxonomies):
        base = f"{path}.taxonomies[{place}]"
        if not isinstance(one, dict):
            raise Wrong(base, "expected a record.")
        yield Licence(
            taxonomy=_word(one, base, "code"),
            number=_word(one, base, "license"),
            state=_word(one, base, "state"),
            primary=_yes_or_no(one, base, "primary"),
        )


def _yes_or_no(part: Mapping[str, Any], path: str, name: str) -> Cell:
    if isinstance(part.get(name), bool):
        return Cell(value="Y" if part[name] else "N", column=f"{path}.{name}")
    return _word(part, path, name)


def _part(result: dict[str, Any], path: str, name: str) -> tuple[dict[str, Any], str]:
    part = result.get(name)
    if not isinstance(part, dict):
        raise Wrong(f"{path}.{name}", "expected a record.")
    return part, f"{path}.{name}"


def _word(part: Mapping[str, Any], path: str, name: str) -> Cell:
    value, column = part.get(name), f"{path}.{name}"
    if value is None:
        return Cell(value="", column=column)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Wrong(column, "expected a text.")
    return Cell(value=str(value).strip(), column=column)
