"""Check everything that needs no test: one line for each check, and nothing is changed.

`./unknot check availability` looks at the calendars of an installation instead.
"""

import argparse
import io
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from unknot.project.commands import availability, documents, start

#: A check returns what is wrong, and what it counted.
Findings = tuple[list[str], str]

PYTHON_FILES = ["src", "tests", "benchmarks", "unknot"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which checks."""
    parser.add_argument(
        "only",
        nargs="*",
        metavar="NAME",
        help="only these checks: " + ", ".join(CHECKS) + "; or availability, alone",
    )
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Run the checks, two at a time; 1 when any found something."""
    if options.only == ["availability"]:
        return availability.run(options)
    names = options.only or list(CHECKS)
    strangers = sorted(set(names) - CHECKS.keys())
    if strangers:
        print(f"There is no check {strangers[0]!r}; known: {', '.join(CHECKS)}.", file=sys.stderr)
        return 2
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, (findings, counted, seconds) in zip(names, pool.map(_timed, names), strict=True):
            state = "failed" if findings else "ok"
            print(f"{name:12} {state:7} {seconds:5.1f} s  {counted}".rstrip(), flush=True)
            for line in findings:
                print(f"    {line}", flush=True)
            if findings:
                failed.append(name)
    print(f"{len(names) - len(failed)} of {len(names)} checks passed.")
    return 1 if failed else 0


def _timed(name: str) -> tuple[list[str], str, float]:
    begun = time.monotonic()
    findings, counted = CHECKS[name]()
    return findings, counted, time.monotonic() - begun


def _tool(*command: str) -> Callable[[], Findings]:
    def check() -> Findings:
        answer = subprocess.run(
            [sys.executable, *command],
            cwd=start.CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
        lines = [line for line in answer.stdout.splitlines() if line.strip()]
        if answer.returncode == 0:
            return [], lines[-1] if lines else ""
        return lines or [f"{command} ended with {answer.returncode}"], ""

    return check


def _django() -> Findings:
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    _prepare()
    heard = io.StringIO()
    try:
        call_command("check", fail_level="WARNING", stdout=heard, stderr=heard)
    except SystemCheckError as problem:
        return str(problem).splitlines(), ""
    return [], heard.getvalue().strip()


def _migrations() -> Findings:
    """Whether the models say anything that no migration does; needs no database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    _prepare()
    loader = MigrationLoader(None)
    findings = [
        f"{app}: two migrations claim to be the last: {', '.join(sorted(names))}"
        for app, names in loader.detect_conflicts().items()
    ]
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("unknot.")}
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    for app, migrations in detector.changes(graph=loader.graph).items():
        if app in ours:
            findings += [
                f"{app}: no migration does this: {operation.describe()}"
                for migration in migrations
                for operation in migration.operations
            ]
    count = sum(1 for app, _ in loader.disk_migrations if app in ours)
    return findings, f"{count} migrations of ours"


def _prepare() -> None:
    """Django without a database: nothing here connects to one."""
    start.prepare_django({"UNKNOT_SECRET_KEY": "not needed by any check"})


def _knowledge() -> Findings:
    """Read every knowledge file through its schema and replay the worked examples."""
    from unknot.domain.bodymap import regions
    from unknot.domain.guidance import catalogue as guidance
    from unknot.domain.instruments import catalogue as instruments
    from unknot.domain.instruments import examples
    from unknot.domain.knowledge import KnowledgeError
    from unknot.domain.outcomes import home, routine
    from unknot.domain.screening import catalogue as screening
    from unknot.domain.screening import examples as screened
    from unknot.domain.screening.references import dangling_flags

    try:
        asked, table = instruments.load(), screening.load()
        body, offered = regions.load(), guidance.load()
        cases, home_plan = screened.load(), home.load()
        routine.load()
    except KnowledgeError as problem:
        return str(problem).splitlines(), ""
    unsourced = [rule for rule in table.rules if rule.basis is not None]
    counted = (
        f"{len(asked.instruments)} instruments, {len(asked.scoring_only)} more without wording,"
        f" {len(asked.refused)} refused, {len(table.red_flags)} red flags,"
        f" {len(table.conditions)} conditions, {len(table.rules)} rules"
        f" ({len(unsourced)} unsourced consensus),"
        f" {cases.count} screening examples, {len(body.regions)} regions"
        f" ({len(body.parents())} drawn parents), {len(offered.techniques)} techniques,"
        f" {len(offered.claims)} claims, {len(home_plan.item)} things to do at home"
    )
    if not table.signed_off:
        counted += "; the safety table is not signed off"
    findings = [*dangling_flags(table, asked), *examples.replay(asked)]
    return [*findings, *screened.replay(table, cases)], counted


CHECKS: dict[str, Callable[[], Findings]] = {
    "types": _tool("-m", "mypy"),
    "lint": _tool("-m", "ruff", "check", "--quiet", "--output-format", "concise", *PYTHON_FILES),
    "format": _tool("-m", "ruff", "format", "--check", *PYTHON_FILES),
    "imports": _tool("-c", "from importlinter.cli import lint_imports_command as run; run()"),
    "migrations": _migrations,
    "django": _django,
    "knowledge": _knowledge,
    "docs": documents.check,
}
