"""Why somebody stands where they stand: a sentence for each named key and each filter that fits.

Pure: no tables, no clock; the keys come from reads/directory.py, and nothing else is a reason.

Units   kilometres, in steps of a half; stars, as domain/reviews says them.
Errors  none.
Source  docs/explanation/directory.md
"""

from collections.abc import Iterator, Mapping

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unknot.domain.reviews import Rating
from unknot.journey.choose.reads import techniques
from unknot.journey.choose.reads.directory import Hit, Wanted
from unknot.journey.choose.reads.offers import AREAS


def distance(km: float | None) -> str:
    """Say how far it is, no finer than it is known and than it should be told."""
    if km is None:
        return _("distance unknown")
    if km < 0.5:
        return _("less than 0.5 km")
    return _("about %(km)s km") % {"km": number_format(km, 0 if km == int(km) else 1)}


def of_keys(hit: Hit, wanted: Wanted, sessions: Mapping[str, int], rating: Rating) -> Iterator[str]:
    """A sentence for each key of the order, those that speak neither way included."""
    if hit.verified:
        yield _(
            "A credential was confirmed on a register or a licensing board’s list "
            "in the last 90 days."
        )
    if wanted.technique:
        yield _sessions(techniques.names()[wanted.technique], sessions.get(wanted.technique, 0))
    yield _reviews(rating)
    if wanted.place is not None and hit.km is not None:
        yield _("From %(place)s: %(distance)s.") % {
            "place": wanted.place.code,
            "distance": distance(hit.km),
        }


def of_filters(wanted: Wanted, *, practice_step_free: bool) -> Iterator[str]:
    """A sentence for each filter that no key speaks of; all of them are met."""
    if wanted.minutes:
        yield _("Offers the %(n)d minutes you want.") % {"n": wanted.minutes}
    if wanted.area:
        yield _("Works a lot on: %(area)s, by their own account.") % {"area": AREAS[wanted.area]}
    if wanted.step_free and practice_step_free:
        yield _("Step-free.")
    if wanted.most_minor is not None:
        yield _("Costs no more than you said.")


def _sessions(name: str, number: int) -> str:
    if not number:
        return _("No signed session with %(name)s yet.") % {"name": name}
    text = ngettext(
        "%(n)d signed session with %(name)s.", "%(n)d signed sessions with %(name)s.", number
    )
    return text % {"n": number, "name": name}


def _reviews(rating: Rating) -> str:
    """Below ENOUGH a number of reviews and no score; from then on never more than the score."""
    if not rating.count:
        return _("No reviews yet.")
    if rating.at_least is None:
        text = ngettext(
            "%(n)d review: too few for a score, so it is counted with great caution.",
            "%(n)d reviews: too few for a score, so they are counted with great caution.",
            rating.count,
        )
        return text % {"n": rating.count}
    stars = number_format(rating.at_least, 1)
    return _("Reviews, counted with caution: at least %(stars)s of 5.") % {"stars": stars}
