"""What a client changed before a session, in words, the newest first."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.book.models import Appointment
from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation, PreparationChange
from unknot.journey.prepare.reads.wishes import pressure_words, yes_no

Words = str | Promise

LABELS: Final[Mapping[str, Words]] = {
    "focus": _("Areas"),
    "leave_out": _("Not today"),
    "pressure": _("Pressure"),
    "warmth": _("Warmth"),
    "scent": _("Scent"),
    "music": _("Music"),
    "talk": _("Talk"),
    "asks": _("Please keep in mind"),
    "to_tell": _("To tell"),
    "touch": _("Consent to touch"),
}
#: So many saves a card shows; a client who saves more often has the last ones read.
SAVES_SHOWN: Final = 5
ROWS_READ: Final = SAVES_SHOWN * len(LABELS)
SHORT_NOTICE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was changed at one instant: each answer with what it says now."""

    at: datetime
    today: bool
    late: bool  # less than 24 hours before the session
    rows: tuple[tuple[Words, str], ...]


def changes_of(appointment: Appointment, *, now: datetime) -> tuple[Saved, ...]:
    """The last saves of an appointment that changed something, the newest first; 1 query."""
    zone = appointment.therapist.practice.tz
    found = PreparationChange.objects.filter(appointment=appointment).order_by("-at", "pk")
    saves = [(at, list(rows)) for at, rows in groupby(found[:ROWS_READ], lambda row: row.at)]
    return tuple(
        Saved(
            at=at,
            today=at.astimezone(zone).date() == now.astimezone(zone).date(),
            late=at >= appointment.start - SHORT_NOTICE,
            rows=tuple((LABELS[row.field], _in_words(row)) for row in rows),
        )
        for at, rows in saves[:SAVES_SHOWN]
    )


def changed_since(appointments: Collection[UUID], since: datetime) -> Mapping[UUID, datetime]:
    """When each of these appointments, by key, was last changed since an instant; 1 query."""
    found = PreparationChange.objects.filter(appointment__key__in=appointments, at__gte=since)
    return dict(found.values_list("appointment__key").annotate(Max("at")).order_by())


def _in_words(row: PreparationChange) -> str:
    if row.field in ("focus", "leave_out", "asks"):
        return _lists(row.field, row.before or [], row.after or [])
    if row.field == "touch":
        return gettext("signed") if row.before is None else gettext("signed anew")
    before, after = _value(row.field, row.before), _value(row.field, row.after)
    if row.field == "to_tell":
        return gettext("written anew") if after else gettext("taken back")
    if not before:
        return gettext("now %(after)s") % {"after": after}
    said = {"before": before, "after": after or gettext("no wish")}
    return gettext("%(before)s before, now %(after)s") % said


def _lists(field: str, before: Iterable[str], after: Iterable[str]) -> str:
    """Say what came and what went."""
    stood, stands = list(before), list(after)
    came = _listed(field, [one for one in stands if one not in stood])
    went = _listed(field, [one for one in stood if one not in stands])
    parts = []
    if came:
        also = gettext("now also %(names)s") if stood else gettext("now %(names)s")
        parts.append(also % {"names": came})
    if went:
        parts.append(gettext("no longer %(names)s") % {"names": went})
    return "; ".join(parts)


def _listed(field: str, chosen: Iterable[str]) -> str:
    asks = dict(Preparation.Ask.choices)
    names = (asks[one] if field == "asks" else places.label_pro(one) for one in chosen)
    return ", ".join(str(one) for one in names)


def _value(field: str, value: Any) -> str:
    if field == "pressure":
        return str(pressure_words(value))
    if field in ("scent", "music"):
        return str(yes_no(value))
    choices = {"warmth": Preparation.Warmth.choices, "talk": Preparation.Talk.choices}
    return str(dict(choices.get(field, ())).get(value, value or ""))
