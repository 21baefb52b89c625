"""Change the rules in small ways, one change at a time, and count the changes that tests notice.

Everything happens in a temporary copy. `mutmut` makes the changes, `tests/mutants.py` is what its
runs of pytest add, and docs/reference/mutation.md says what the numbers mean.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from unknot.project.commands import Refused, start

PACKAGES = ["domain/screening", "domain/instruments"]
#: Percent of the changes that the tests of each package have to notice.
ENOUGH = 95.0
WORKERS = 2
#: What goes into the copy; the caches of a checkout stay where they are.
COPIED = ["src", "tests", "pyproject.toml"]
CACHES = shutil.ignore_patterns("__pycache__", ".*_cache", ".hypothesis")
#: A change may take this many times as long as the tests that see it, and these seconds more.
TIMES, SECONDS_MORE = 4.0, 4.0

SOURCE = "src/unknot/"
PROGRESS = re.compile(r"(\d+)/(\d+)\s+\S+ (\d+)")
RESULT = re.compile(r"^\s*(?P<name>\S+__mutmut_\d+): (?P<status>.+)$", re.MULTILINE)
#: A test that runs too long has noticed the change as surely as one that fails.
NOTICED = {"killed", "timeout"}
UNTRIED = {"not checked", "check was interrupted by user"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change of one function, and what became of it."""

    name: str
    status: str

    @property
    def module(self) -> str:
        """The module that the change is in, without the name of the project."""
        return self.name.rpartition(".")[0].removeprefix("unknot.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How many changes of one module or package the tests noticed."""

    name: str
    mutants: int
    killed: int
    timed_out: int

    @property
    def survived(self) -> int:
        """The changes that no test noticed, those that no test runs among them."""
        return self.mutants - self.killed - self.timed_out

    @property
    def percent(self) -> float:
        """How many of a hundred changes were noticed; 100 when there was nothing to change."""
        return 100 - 100 * self.survived / self.mutants if self.mutants else 100.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to change."""
    parser.add_argument(
        "package",
        nargs="*",
        metavar="PACKAGE",
        help=f"a package or module of src/unknot/domain ({' '.join(PACKAGES)})",
    )


def run(options: argparse.Namespace) -> int:
    """Print survivors and a table; 1 when the tests of a package notice too little."""
    places = [checked(name) for name in options.package or PACKAGES]
    with tempfile.TemporaryDirectory(prefix="unknot-mutate-") as name:
        copy = Path(name)
        lay_out(copy, places)
        begun = time.monotonic()
        _mutmut(copy)
        mutants = tried(_ask(copy, "results", "--all", "true"))
        for text in _survivors(copy, mutants):
            print(text)
    print("\n".join(table(mutants)))
    print(f"{len(mutants)} mutants in {(time.monotonic() - begun) / 60:.0f} minutes.")
    poor = too_few(mutants, places)
    for row in poor:
        print(f"{row.name}: {row.percent:.1f} % is less than {ENOUGH:.0f} %.", file=sys.stderr)
    return 1 if poor else 0


def checked(name: str) -> str:
    """The place as a path below src/unknot; refuses what is not one of the rules."""
    place = name.rstrip("/").removeprefix(SOURCE)
    path = start.CHECKOUT / SOURCE / place
    if not place.startswith("domain/") or ".." in place or not path.exists():
        raise Refused(
            f"There is no {name!r} among the rules: name a package such as {PACKAGES[0]}."
        )
    return place


def known_tests(place: str, root: Path = start.CHECKOUT) -> list[str]:
    """The tests that know a place and need no database; refuses a place that has none."""
    package = Path(place).parts[1].removesuffix(".py")
    known = [f"tests/domain/{package}", f"tests/knowledge/test_{package}.py"]
    found = [path for path in known if (root / path).exists()]
    if not found:
        raise Refused(f"{place} has no tests in {known[0]}.")
    return found


def lay_out(copy: Path, places: Sequence[str]) -> None:
    """Copy what the tests need to `copy`, made ready for mutmut."""
    from unknot.project.commands import mutate_bodies

    for name in COPIED:
        origin = start.CHECKOUT / name
        if origin.is_dir():
            shutil.copytree(origin, copy / name, ignore=CACHES)
        else:
            shutil.copy2(origin, copy / name)
    for place in places:
        inside = copy / SOURCE / place
        for file in sorted(inside.rglob("*.py")) if inside.is_dir() else [inside]:
            file.write_text(mutate_bodies.freed(file.read_text()))
    with (copy / "pyproject.toml").open("a") as configuration:
        configuration.write(settings(places))


def settings(places: Sequence[str]) -> str:
    """What mutmut reads: the modules to change, the tests to run, and the time limit."""
    patterns = [f"{SOURCE}{one}" if one.endswith(".py") else f"{SOURCE}{one}/*" for one in places]
    tests = sorted({path for place in places for path in known_tests(place)})
    return (
        "\n[tool.mutmut]\n"
        f'source_paths = ["{SOURCE.rstrip("/")}"]\n'
        'also_copy = ["src"]\n'
        f"only_mutate = {patterns!r}\n"
        f"pytest_add_cli_args_test_selection = {tests!r}\n"
        'pytest_add_cli_args = ["-p", "tests.mutants", "-p", "no:cacheprovider"]\n'
        f"timeout_multiplier = {TIMES}\n"
        f"timeout_constant = {SECONDS_MORE}\n"
        "track_dependencies = false\n"
        "use_git_change_detection = false\n"
    )


def outcome(said: str) -> list[Mutant]:
    """The changes and what became of each, from what `mutmut results` says."""
    return [
        Mutant(name=found["name"], status=found["status"].strip())
        for found in RESULT.finditer(said)
    ]


def tried(said: str) -> list[Mutant]:
    """The same, refused when mutmut was stopped before it had tried every change."""
    mutants = outcome(said)
    left = sum(mutant.status in UNTRIED for mutant in mutants)
    if left or not mutants:
        raise Refused(f"No result: {left} of {len(mutants)} mutants were not tried.")
    return mutants


def rows(mutants: Sequence[Mutant]) -> list[Row]:
    """One row for each module, in order of name."""
    names = sorted({mutant.module for mutant in mutants})
    return [_row(name, [one for one in mutants if one.module == name]) for name in names]


def too_few(mutants: Sequence[Mutant], places: Sequence[str]) -> list[Row]:
    """The packages or modules asked for whose tests notice less than enough."""
    found = []
    for place in places:
        dotted = place.removesuffix(".py").replace("/", ".")
        inside = [one for one in mutants if f"{one.module}.".startswith(f"{dotted}.")]
        found.append(_row(place, inside))
    return [row for row in found if row.percent < ENOUGH]


def table(mutants: Sequence[Mutant]) -> Iterator[str]:
    """The report as Markdown: a row for each module, and one for all."""
    yield "| module | mutants | killed | survived | timed out | percent |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for row in [*rows(mutants), _row("all", mutants)]:
        yield (
            f"| {row.name} | {row.mutants} | {row.killed} | {row.survived} | {row.timed_out}"
            f" | {row.percent:.1f} |"
        )


def _row(name: str, mutants: Sequence[Mutant]) -> Row:
    statuses = [mutant.status for mutant in mutants]
    return Row(
        name=name,
        mutants=len(statuses),
        killed=statuses.count("killed"),
        timed_out=statuses.count("timeout"),
    )


def _surroundings() -> dict[str, str]:
    """The environment without the checkout's own source, so that the copy is what is tested."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _mutmut(copy: Path) -> None:
    """Let mutmut try every change, and show how far it is."""
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(WORKERS)]
    running = subprocess.Popen(
        command,
        cwd=copy,
        env=_surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,  # universal newlines: each repainted line counts as one
    )
    with running:
        last = _show(running.stdout or ())
    if running.returncode != 0:
        said = "\n".join(last)
        raise Refused(f"{said}\nNothing was tried: the tests have to pass before a change is made.")


def _show(lines: Iterable[str]) -> list[str]:
    """Print how many changes were tried, twice a minute at most; give the last words."""
    live, shown, last = sys.stdout.isatty(), 0.0, [""]
    pause = 1 if live else 30
    for line in lines:
        if not (found := PROGRESS.search(line)):
            last = [*last[-15:], line.rstrip()]
            continue
        tried, every, noticed = found.groups()
        if time.monotonic() - shown >= pause or tried == every:
            shown = time.monotonic()
            text = f"{tried} of {every} mutants tried, {noticed} killed"
            print(f"\r{text}" if live else text, end="" if live else "\n", flush=True)
    if live:
        print()
    return last


def _ask(copy: Path, *words: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *words],
        cwd=copy,
        env=_surroundings(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def _survivors(copy: Path, mutants: Sequence[Mutant]) -> Iterator[str]:
    """Each change that no test noticed: what became of it, and the lines that differ."""
    names = [one.name for one in mutants if one.status not in NOTICED]
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        yield from pool.map(lambda name: _ask(copy, "show", name), names)
