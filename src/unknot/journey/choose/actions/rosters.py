"""Import a roster: evidence that belongs to nobody, published as a whole or not at all.

A file is staged in chunks, each committed together with the place behind it, so that an import
that was killed goes on where it was. Publishing is one transaction. Nothing here touches a
credential: a roster never verifies one.

Units   positions in bytes, lines counted from 1; calendar days; aware datetimes.
Errors  ImportRunning: another import of the same roster holds the lock; nothing was changed.
Source  domain/credentials/matching.py for the keys; PostgreSQL's COPY and its advisory locks, which
        end with the connection, so that a dead import blocks nobody.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from unknot.domain.credentials.matching import name_key, number_key
from unknot.domain.credentials.roster import RosterRow
from unknot.journey.choose.models import RosterRun, RosterStaged
from unknot.people import audit
from unknot.web.errors import Conflict

#: The first of the two numbers of the lock; the second is made from the roster's name.
LOCK = 4_517
#: How long one waits for it.
PATIENCE = "3s"
#: How many problems of one file are kept to be listed; the rest are counted.
LISTED = 1_000

FACTS = (
    "source_key",
    "holder",
    "name_key",
    "number",
    "number_key",
    "jurisdiction",
    "kind",
    "title",
    "status",
    "discipline",
    "issued_on",
    "expires_on",
    "raw",
)

NumberedRow = tuple[int, RosterRow]


class ImportRunning(Conflict):
    """Two imports of the same roster ran at once."""

    sentence = _("Another import of this roster is running: nothing was read.")


@dataclass(slots=True, kw_only=True)
class Counts:
    """What was met on the way through a file; kept with the run, so that it survives a stop."""

    read: int = 0  # rows
    staged: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    wrong: int = 0
    problems: list[tuple[int, str, str]] = field(default_factory=list)  # line, column, reason

    def skip(self, reason: str, rows: int = 1) -> None:
        """Count rows that were passed over."""
        if rows:
            self.skipped[reason] = self.skipped.get(reason, 0) + rows

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Count a wrong row, and keep why while there is room."""
        self.wrong += 1
        if len(self.problems) < LISTED:
            self.problems.append((line, column, reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What publishing did to the roster's rows."""

    new: int
    changed: int
    same: int


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Hold the right to import this roster; it ends with the block or with the connection."""
    _lock(source)
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, source])


def _lock(source: str) -> None:
    """Wait a moment: the server needs one to notice that the last import was killed."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [LOCK, source])
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            raise ImportRunning from error
        raise


@transaction.atomic(durable=True)
def begin(source: str, *, name: str, fingerprint: str, now: datetime) -> tuple[RosterRun, Counts]:
    """Go on with the unfinished import of the same file, or begin one; another one is given up.

    A crash of the server empties the table of staged rows: then the import begins anew.
    """
    for run in RosterRun.objects.filter(source=source, state=RosterRun.State.LOADING):
        counts = _counts_of(run)
        if run.fingerprint == fingerprint and _staged(run) == counts.staged:
            return run, counts
        _give_up(run, now)
    run = RosterRun.objects.create(
        source=source, name=name[-250:], fingerprint=fingerprint, started_at=now, changed_at=now
    )
    return run, Counts()


@transaction.atomic(durable=True)
def stage(
    run: RosterRun,
    rows: Sequence[NumberedRow],
    counts: Counts,
    *,
    position: int,
    line: int,
    now: datetime,
) -> None:
    """Keep one chunk and the place behind it; a row that came before is counted, not kept."""
    try:
        with transaction.atomic():
            _copy(run, rows)
    except psycopg.errors.UniqueViolation:
        rows = _once(run, rows, counts)
        _copy(run, rows)
    counts.staged += len(rows)
    _move(run, counts, position=position, line=line, now=now)


@transaction.atomic(durable=True)
def publish(run: RosterRun, counts: Counts, *, read_on: date, now: datetime) -> Published:
    """Make the staged rows the roster's own: new ones added, known ones replaced.

    `read_on` is the day for which the file speaks; a row of a later day is left as it is.
    """
    given: dict[str, int | date] = {"run": run.pk, "day": read_on}
    with connection.cursor() as cursor:
        # A server that notices within a second that we were killed gives back the lock.
        cursor.execute("SET LOCAL client_connection_check_interval = '1s'")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("ANALYZE choose_rosterstaged")
        cursor.execute(_COUNT, given)
        new, changed, rows = cursor.fetchone()
        # Nobody else adds rows of this roster, so nothing has to be asked row by row; sorted rows
        # reach the index side by side. Together that takes half the time of ON CONFLICT.
        if new < rows:
            cursor.execute(_REPLACE, given)
        if new:
            cursor.execute(_ADD, given)
    same = rows - new - changed
    _end(run, RosterRun.State.PUBLISHED, now)
    said = f"{new} new, {changed} changed, {same} as before, {counts.wrong} wrong"
    audit.record(None, "credentials.imported", run, at=now, reason=f"{run.source}: {said}")
    return Published(new=new, changed=changed, same=same)


@transaction.atomic(durable=True)
def give_up(run: RosterRun, *, now: datetime) -> None:
    """Forget what was staged of a file; the published roster stays as it was."""
    _give_up(run, now)


def _give_up(run: RosterRun, now: datetime) -> None:
    _end(run, RosterRun.State.REFUSED, now)


def _end(run: RosterRun, state: RosterRun.State, now: datetime) -> None:
    RosterStaged.objects.filter(run=run).delete()
    run.state, run.changed_at = state, now
    run.save(update_fields=["state", "changed_at"])


def _move(run: RosterRun, counts: Counts, *, position: int, line: int, now: datetime) -> None:
    run.position, run.line, run.changed_at, run.counts = position, line, now, asdict(counts)
    run.save(update_fields=["position", "line", "changed_at", "counts"])


def _staged(run: RosterRun) -> int:
    return RosterStaged.objects.filter(run=run).count()


def _counts_of(run: RosterRun) -> Counts:
    counts = Counts(**run.counts)
    counts.problems = [(line, column, reason) for line, column, reason in counts.problems]
    return counts


def _copy(run: RosterRun, rows: Sequence[NumberedRow]) -> None:
    """Send the rows in one stream; `bulk_create` would take several times as long."""
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as stream:
        for line, row in rows:
            stream.write_row((run.pk, line, *_facts(row)))


def _facts(row: RosterRow) -> tuple[object, ...]:
    """The row in the order of FACTS."""
    return (
        row.key,
        row.holder,
        name_key(row.holder),
        row.number,
        number_key(row.number),
        row.jurisdiction,
        row.kind,
        row.title,
        row.status,
        row.discipline,
        row.issued_on,
        row.expires_on,
        json.dumps(row.raw) if row.raw else "{}",
    )


def _once(run: RosterRun, rows: Sequence[NumberedRow], counts: Counts) -> list[NumberedRow]:
    """The rows whose key is new in this file; the others are counted."""
    keys = [row.key for _line, row in rows]
    known = {
        staged.source_key: (staged.line, _staged_facts(staged))
        for staged in RosterStaged.objects.filter(run=run, source_key__in=keys)
    }
    kept = []
    for line, row in rows:
        facts = _facts(row)[:-1]
        first, before = known.setdefault(row.key, (line, facts))
        if first == line and before is facts:
            kept.append((line, row))
        elif before == facts:
            counts.skip("the same row again")
        else:
            counts.refuse(line, "", f"{row.number} was in line {first} already, and differs.")
    return kept


def _staged_facts(staged: RosterStaged) -> tuple[object, ...]:
    return tuple(getattr(staged, name) for name in FACTS[:-1])


_LISTED = ", ".join(FACTS)
_STAGED = ", ".join(f"s.{name}" for name in FACTS)
_ENTRY = ", ".join(f"e.{name}" for name in FACTS)
_COPY = f"COPY choose_rosterstaged (run_id, line, {_LISTED}) FROM STDIN"
_FROM = """
    FROM choose_rosterstaged s
    JOIN choose_rosterrun r ON r.id = s.run_id
    LEFT JOIN choose_rosterentry e ON e.source = r.source AND e.source_key = s.source_key
    WHERE s.run_id = %(run)s
"""
_DIFFERS = f"e.read_on <= %(day)s AND ({_ENTRY}) IS DISTINCT FROM ({_STAGED})"
_COUNT = f"""
    SELECT count(*) FILTER (WHERE e.id IS NULL), count(*) FILTER (WHERE {_DIFFERS}), count(*)
    {_FROM}
"""
_REPLACE = f"""
    UPDATE choose_rosterentry e
    SET read_on = %(day)s, {", ".join(f"{name} = s.{name}" for name in FACTS[1:])}
    FROM choose_rosterstaged s JOIN choose_rosterrun r ON r.id = s.run_id
    WHERE s.run_id = %(run)s AND e.source = r.source AND e.source_key = s.source_key
    AND (e.read_on < %(day)s OR {_DIFFERS})
"""  # noqa: S608 - names of our own columns
_ADD = f"""
    INSERT INTO choose_rosterentry (source, read_on, {_LISTED})
    SELECT r.source, %(day)s, {_STAGED} {_FROM} AND e.id IS NULL
    ORDER BY s.source_key
"""
