"""The few lines on top of the therapist's card: where, what not, how firm, what to mind."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from unknot.journey.prepare import places
from unknot.journey.prepare.models import Preparation
from unknot.journey.prepare.reads.answers import Body, Safety
from unknot.journey.prepare.reads.touch import Touching
from unknot.journey.prepare.reads.wishes import pressure_words

Words = str | Promise


def today(
    saved: Preparation | None,
    touching: Touching,
    *,
    body: Body | None,
    safety: Safety | None,
    pressure: int | None,
) -> tuple[tuple[Words, Words], ...]:
    """Sum a briefing up, one pair of word and answer each; what is not known is left out.

    `body` and `safety` are None unless the client shares them; pressure is 1 to 5 or None.
    """
    rows: list[tuple[Words, Words]] = [
        (_("Areas"), _areas(saved, body)),
        (_("Not touched"), _not_touched(saved, touching)),
        (_("Avoid"), _avoided(safety)),
        (_("Adapt"), _adapted(safety)),
        (_("Warning signs"), _flags(safety)),
        (_("Pressure"), _pressure(pressure, touching)),
    ]
    return tuple((label, words) for label, words in rows if words)


def _areas(saved: Preparation | None, body: Body | None) -> str:
    """What was asked for, else what is marked."""
    if saved is not None and saved.focus:
        return _listed(places.label_pro(place) for place in saved.focus)
    marked = body.places if body is not None else ()
    return _listed(f"{place.label_pro} {place.level}" for place in marked)


def _not_touched(saved: Preparation | None, touching: Touching) -> str:
    left_out = saved.leave_out if saved is not None else ()
    both = dict.fromkeys([*touching.areas_no, *left_out])
    return _listed(places.label_pro(place) for place in both)


def _avoided(safety: Safety | None) -> str:
    rows = [row for row in safety.own if row.avoid] if safety is not None else []
    return _listed(dict.fromkeys(str(one) for row in rows for one in row.places_pro or [row.text]))


def _adapted(safety: Safety | None) -> str:
    count = sum(not row.avoid for row in safety.own) if safety is not None else 0
    if not count:
        return ""
    return ngettext("%(n)d answer, below", "%(n)d answers, below", count) % {"n": count}


def _flags(safety: Safety | None) -> str:
    count = len(safety.flags) if safety is not None else 0
    return gettext("%(n)d, below") % {"n": count} if count else ""


def _pressure(wanted: int | None, touching: Touching) -> str:
    """What is wished for, never firmer than what was agreed to."""
    limit = touching.consent.pressure_limit if touching.consent is not None else None
    known = [one for one in (wanted, limit) if one is not None]
    if not known:
        return ""
    words = str(pressure_words(min(known)))
    if limit is None:
        return words
    return gettext("%(words)s. Never firmer than %(limit)d.") % {"words": words, "limit": limit}


def _listed(names: Iterable[object]) -> str:
    return "; ".join(str(name) for name in names)
