"""A therapist's own listing: what clients read, and the consent to be shown.

Units   years and calendar days in the practice's zone; aware datetimes.
Errors  NameTakenMeanwhile, BadInput; Denied from access; none leaves a trace.
Source  nobody is listed without their own consent: the decisions on roles and rights.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose import access
from unknot.journey.choose.models import Therapist
from unknot.journey.choose.reads import offering
from unknot.journey.choose.reads.offers import AREAS, GENDERS
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Practice, Role, User
from unknot.web.errors import BadInput, Conflict

LONGEST_ABOUT = 1500


FIRST_YEAR = 1940


class NameTakenMeanwhile(Conflict):
    """Two listings with the same name were made at once."""

    sentence = _("Somebody with the same name was listed just now. Save once more.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """What a therapist says about themselves, and whether clients may see it."""

    name: str
    about: str = ""
    languages: tuple[str, ...] = ()
    gender: str = ""  # empty: they would rather not say
    areas: tuple[str, ...] = ()
    practising_since: int | None = None  # a year
    location: int
    listed: bool


@transaction.atomic(durable=True)
def save_listing(
    actor: User, practice: Practice, *, draft: ListingDraft, now: datetime
) -> Therapist:
    """Write one's own listing; `listed` is the consent to be shown, and its first day stays."""
    people.check_role(actor, practice, Role.THERAPIST)
    lock_member(actor, practice)
    _check_listing(practice, draft, this_year=now.astimezone(practice.tz).year)
    found = access.own_listing(actor, practice)
    therapist = found or Therapist(user=actor, practice=practice, slug=_free_slug(draft.name))
    therapist.name = draft.name.strip()
    therapist.about = draft.about.strip()
    therapist.languages = list(draft.languages)
    therapist.gender = draft.gender
    therapist.areas = list(draft.areas)
    therapist.practising_since = draft.practising_since
    therapist.location = practice.location_set.get(pk=draft.location)
    therapist.listed_since = (therapist.listed_since or now) if draft.listed else None
    if found is None:
        _insert_listing(therapist)
    else:
        therapist.save(update_fields=[*LISTED, "location", "listed_since"])
    said = "shown to clients" if draft.listed else "not shown"
    audit.record(actor, "listing.saved", therapist, at=now, reason=said)
    return therapist


LISTED = ["name", "about", "languages", "gender", "areas", "practising_since"]


def lock_member(actor: User, practice: Practice) -> None:
    """Let one person's own saves queue: a second press finds what the first has made."""
    own = practice.membership_set.select_for_update(no_key=True).filter(user=actor)
    list(own.order_by("pk").values_list("pk"))


def _check_listing(practice: Practice, draft: ListingDraft, *, this_year: int) -> None:
    if not draft.name.strip():
        raise BadInput(_("Write the name that clients see."))
    if len(draft.about.strip()) > LONGEST_ABOUT:
        raise BadInput(_("Say it in at most 1500 characters."))
    if not set(draft.languages) <= set(offering.LANGUAGES):
        raise BadInput(_("Choose languages from the list."))
    if draft.gender not in {"", *dict(GENDERS)}:
        raise BadInput(_("Choose a gender from the list."))
    if not set(draft.areas) <= AREAS.keys():
        raise BadInput(_("Choose parts of the body from the list."))
    year = draft.practising_since
    if year is not None and not FIRST_YEAR <= year <= this_year:
        raise BadInput(_("Write the year in which you began, for example 2015."))
    if not practice.location_set.filter(pk=draft.location).exists():
        raise BadInput(_("Choose where you work."))


def _free_slug(name: str) -> str:
    base = slugify(name)[:44].strip("-_") or "therapist"
    taken = set(Therapist.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug
        for slug in (base if number == 1 else f"{base}-{number}" for number in count(1))
        if slug not in taken
    )


def _insert_listing(therapist: Therapist) -> None:
    try:
        with transaction.atomic():
            Therapist.objects.bulk_create([therapist])
    except IntegrityError as error:
        if "slug" in str(error):
            raise NameTakenMeanwhile from error
        raise
