"""Hold every calendar of an installation against the rules it comes from; nothing is changed.

Any difference is an error of ours: each line says where, and the exit code is 1.
"""

import argparse
from datetime import UTC, datetime

from tqdm import tqdm

from unknot.project.commands import start

#: More lines than this help nobody; the count is always complete.
SHOWN = 50


def run(options: argparse.Namespace) -> int:
    """Print what differs, and what was looked at."""
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        return _look(datetime.now(UTC))


def _look(now: datetime) -> int:
    from unknot.journey.book.reads import reconcile

    rows, lines = 0, []
    with tqdm(desc="Days", unit=" rows", disable=None) as bar:
        for count, differences in reconcile.days():
            rows += count
            bar.update(count)
            lines += [f"{one.where}: {one.what}" for one in differences]
    different = len(lines)
    overlaps = reconcile.overlaps()
    stray, bare = reconcile.strays(now)
    broken = reconcile.broken_promises(now)
    lines += [f"{one.where}: {one.what}" for one in broken]
    for line in lines[:SHOWN]:
        print(line)
    if len(lines) > SHOWN:
        print(f"… and {len(lines) - SHOWN} more.")
    print(
        f"{rows} days computed anew: {different} differ. {overlaps} overlaps, {stray} times taken"
        f" by nobody, {bare} appointments without a time, {len(broken)} promises on another hour."
    )
    return 1 if different or overlaps or stray or bare or broken else 0
