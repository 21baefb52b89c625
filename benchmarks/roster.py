"""Time and memory of importing a roster: a generic CSV file into the published table.

`./unknot bench roster [--rows 1000000]` writes a file of made-up rows, imports it with the real
command on a database of its own, and once more, when every row is known. The yardstick is
PostgreSQL's own COPY of the same file into a table of texts without any index: read the ratio,
which moves less between machines and moments than seconds do, and the command's own processor
time, which other programs do not stretch. Memory is the largest resident set of the command's
process, as the system counts it.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import psycopg

from benchmarks.rules import UNTHROTTLED_SECONDS, seconds, turns
from unknot.interfaces.rosters import generic, sources
from unknot.project.commands import start

TARGET_ROWS_A_SECOND, TARGET_MEGABYTES = 20_000, 300
COLUMNS = ("number", "first_name", "last_name", "jurisdiction", "kind", *generic.OPTIONAL)
FIRST = ("Ana", "Ben", "Tess", "Théo", "Paz", "Uma", "Finn", "Ὄπαλ", "Chloë", "Анна")
LAST = ("O'Brien", "Núñez", "Lopez-Garcia", "Müller", "Okafor", "山田", "Smith", "d’Angelo")
PLACES = ("US-CO", "US-WA", "US-AK", "US-GA", "CA-ON", "GB")
STATES = ("active", "active", "active", "expired", "inactive", "unknown")


def write_rows(path: Path, rows: int) -> None:
    """Write a roster of made-up rows: the same ones for the same number."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(rows):
            issued = date(2005, 1, 1) + timedelta(days=n % 7_000)
            writer.writerow(
                (
                    f"MT.{n:07}",
                    f"{FIRST[n % len(FIRST)]} {n % 9_973}",
                    LAST[n % len(LAST)],
                    PLACES[n % len(PLACES)],
                    "licence",
                    "Massage Therapist",
                    STATES[n % len(STATES)],
                    issued.isoformat(),
                    f"{issued + timedelta(days=9_000):%d.%m.%Y}",
                    "none",
                )
            )


def copy_plainly(path: Path) -> None:
    """Let PostgreSQL read the file as it is, without a look at any cell."""
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    with psycopg.connect(os.environ["UNKNOT_DATABASE_URL"]) as connection:
        connection.execute(f"CREATE TABLE plain ({columns})")
        with (
            path.open("rb") as raw,
            connection.cursor() as cursor,
            cursor.copy("COPY plain FROM STDIN (FORMAT csv, HEADER true)") as stream,
        ):
            while block := raw.read(1 << 18):
                stream.write(block)
        connection.execute("DROP TABLE plain")


def read_only(path: Path) -> None:
    """Read and check every row, and keep none."""
    for _step in sources.read(path, generic.SOURCE):
        pass


def import_it(path: Path) -> None:
    """Run the command as a person would."""
    subprocess.run(
        [sys.executable, "-m", "unknot", "import", "roster", path, "--source", generic.SOURCE],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wall(work: Callable[[Path], None], path: Path) -> float:
    """How many seconds one call takes."""
    begun = time.monotonic()
    work(path)
    return time.monotonic() - begun


def own_seconds() -> float:
    """Processor time of the commands that have run so far; the database's is not in it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Measure and print; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="./unknot bench roster", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    start.prepare_django({})
    start.migrate()
    with tempfile.TemporaryDirectory(prefix="unknot-roster-") as name:
        path = Path(name) / "roster.csv"
        write_rows(path, rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        plain = wall(copy_plainly, path)
        read = wall(read_only, path)
        first = wall(import_it, path)
        own = own_seconds()
        again = wall(import_it, path)
    for what, taken in (
        ("COPY into a bare table", plain),
        ("reading and checking alone", read),
        ("the whole import", first),
        ("the same file once more", again),
    ):
        print(f"  {what:28} {taken:7.1f} s {rows / taken:10,.0f} rows/s {taken / plain:6.1f} times")
    print(f"of the whole import the command itself: {own:.1f} s of processor time")
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    fast, small = rows / first >= TARGET_ROWS_A_SECOND, megabytes < TARGET_MEGABYTES
    print(f"at least {TARGET_ROWS_A_SECOND:,} rows/s: {'yes' if fast else 'no'}")
    print(
        f"largest memory {megabytes:.0f} MB; under {TARGET_MEGABYTES}: {'yes' if small else 'no'}"
    )
    machine = seconds(turns)
    slowed = ": this machine is slowed down" if machine > UNTHROTTLED_SECONDS else ""
    print(f"ten million empty turns: {machine:.2f} s{slowed}")
    return 0 if fast and small else 1


if __name__ == "__main__":
    raise SystemExit(main())
