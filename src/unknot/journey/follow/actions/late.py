"""Keep answers that waited on a device for a network: once, and at the time they were given.

Units   ratings 0 to 10 or None; aware datetimes.
Errors  BadInput: no answer at all, or a time that cannot be right. Nothing is half-written.
Source  docs/decisions/0022-drafts-on-the-device.md
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from unknot.domain.outcomes import late
from unknot.journey.follow.actions.check_ins import Said, keep_daily
from unknot.journey.follow.models import ArrivedAnswer, DailyCheckIn
from unknot.journey.follow.reads import check_ins
from unknot.people import access as people
from unknot.people.models import Client, User
from unknot.web.errors import BadInput


@transaction.atomic(durable=True)
def keep_late(
    actor: User,
    client: Client,
    *,
    key: UUID,
    waited: timedelta,
    said: Said,
    now: datetime,
) -> None:
    """Keep one day's answers under their own key; a day that was answered later stays as it is.

    The same key again changes nothing.
    """
    people.lock(client)
    if ArrivedAnswer.objects.filter(client=client, key=key).exists():
        return
    answered_at = _real_time(now, waited)
    day = check_ins.local_day(client, answered_at)
    own = DailyCheckIn.objects.filter(client=client, day=day, series__isnull=True)
    if not own.filter(answered_at__gt=answered_at).exists():
        keep_daily(actor, client, said, answered_at=answered_at, now=now)
    ArrivedAnswer.objects.create(client=client, key=key, at=now)


def _real_time(now: datetime, waited: timedelta) -> datetime:
    try:
        return late.real_time(now, waited)
    except late.ClockChanged as error:
        raise BadInput(
            _("The clock of this device was set back, so their day is not known. Answer anew.")
        ) from error
    except late.TooLate as error:
        raise BadInput(
            _("They waited for more than two weeks, so their day is not known for sure.")
        ) from error
