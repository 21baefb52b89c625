"""Turn the published diary into the documented CSV of daily check-ins.

Items of 1 to 7 become 0 to 10 by (x − 1) · 10 / 6; worry stands in for stress. The last day of
the diary becomes `last_day`; a day without any answer is left out. KOSSAKOWSKI2017.md has the
origin and the licence.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

FILE = Path(__file__).resolve().parent / "kossakowski2017_daily.csv"
ATTRIBUTION = (
    "Kossakowski, Groot, Haslbeck, Borsboom and Wichers (2017), Data from “Critical Slowing Down"
    " as a Personalized Early Warning Signal for Depression”, Journal of Open Psychology Data 5:1,"
    " doi 10.5334/jopd.29. CC BY 4.0; a part was chosen and rescaled, dates were shifted."
)
STAND_IN = "worry"
#: Our column and the diary's.
COLUMNS = {"pain": "pain", "stress": "worry", "sleep": "sleepqual"}


def rescaled(written: str) -> str:
    """An item of 1 to 7 as a number of 0 to 10 with two places; empty stays empty."""
    return f"{(float(written) - 1) * 10 / 6:.2f}" if written.strip() else ""


def as_csv(last_day: date) -> Iterator[str]:
    """The lines of the documented CSV, oldest day first."""
    yield f"date,{','.join(COLUMNS)}\n"
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = max(int(row["day"]) for row in rows)
    for row in rows:
        values = [rescaled(row[theirs]) for theirs in COLUMNS.values()]
        if any(values):
            day = last_day - timedelta(days=last - int(row["day"]))
            yield f"{day},{','.join(values)}\n"
