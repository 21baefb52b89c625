"""Fit the model to people's answers now, as the worker does by itself."""

import argparse
from datetime import UTC, datetime

from unknot.project.commands import Refused, start

LINE = "Fit the model to people's answers now."
DESCRIPTION = """Fits whoever has new answers or sessions since the last look. The worker does the
same each minute and goes round everybody once a day; this is for the first start, after an
import or after a change of the model. Everybody is looked at; nothing is computed anew for
inputs and a model that were seen already."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom to look at."""
    parser.add_argument("--all", action="store_true", help="look at everybody, not at what is due")
    start.add_data_argument(parser)


def run(options: argparse.Namespace) -> int:
    """Fit and say how many were new."""
    folder = start.existing_folder(options.data)
    with start.database(folder) as url:
        start.prepare_django(start.environment(folder, url, mode="serve"))
        if start.pending_migrations():
            raise Refused("The database is of another version: start ./unknot serve once first.")
        return _fit(everybody=options.all)


def _fit(*, everybody: bool) -> int:
    from tqdm import tqdm

    from unknot.journey.follow.actions import findings
    from unknot.journey.follow.reads import findings as reads

    now = datetime.now(UTC)
    if not everybody:
        print(f"{findings.fit_due(now)} looked at.")
        return 0
    clients = reads.answering().order_by("pk")
    looked = tqdm(
        findings.fit(clients.iterator(), now=now),
        total=clients.count(),
        unit=" people",
        disable=None,
    )
    done = list(looked)
    print(f"{len(done)} looked at, {sum(done)} fitted.")
    return 0
