"""The clock by which holds end: the database's, which every web process and worker shares.

Units   aware datetimes in UTC.
Errors  none.
Source  the booking policies: a hold ends by database time.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant it is in the database; 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    moment: datetime = now
    return moment
