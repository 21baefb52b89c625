"""Hand somebody their own check-ins, and write down that it was done.

Units   ratings 0 to 10; instants in the practice's zone.
Errors  none: without an answer there is only the first line.
"""

import csv
import io
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from unknot.interfaces.checkins.course_csv import check_in_rows
from unknot.journey.follow.reads import check_ins
from unknot.people import audit
from unknot.people.models import Client, User


@transaction.atomic(durable=True)
def export(actor: User, client: Client, *, now: datetime) -> str:
    """Every check-in as the CSV that an import reads back; audited.

    The cells are numbers from 0 to 10, instants and four fixed words: none can be a formula.
    """
    zone = client.practice.tz
    local = (replace(one, at=one.at.astimezone(zone)) for one in check_ins.observations(client))
    written = io.StringIO(newline="")
    csv.writer(written).writerows(check_in_rows(local))
    audit.record(actor, "daily.exported", client, at=now, client=client)
    return written.getvalue()
