"""Deeds about who can be chosen: reviews, credentials, rosters, listings and services.

`add_review` and `count_session` run inside the transaction of the step that calls them, so that
the review or the count exists exactly when the deed behind it does.

Units   scores 1 to 5; minutes; money in the currency's smallest unit; dates are calendar days in
        the practice's zone; aware datetimes.
Errors  ReviewTwice, ImportedMeanwhile, NameTakenMeanwhile, ServiceTwice, BadInput; Missing and
        Denied from access; none leaves a trace.
Source  credentials.py (the badge rule), reviews.py; a roster never verifies (NPPES is
        self-declared and has no expiry date).
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, islice

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from unknot.journey.choose import access, offering, prices
from unknot.journey.choose.credentials import RosterCredential
from unknot.journey.choose.models import Credential, Experience, Review, Service, Therapist
from unknot.journey.choose.reviews import Scores
from unknot.people import access as people
from unknot.people import audit
from unknot.people.models import Client, Practice, Role, User
from unknot.web.errors import BadInput, Conflict

LONGEST_REVIEW = 1500
BATCH = 500


class ReviewTwice(Conflict):
    """This session has its review already."""

    sentence = _("You have already reviewed this session.")
    mend = _("Your review is kept as you wrote it.")


class ImportedMeanwhile(Conflict):
    """Two imports of the same roster ran at once."""

    sentence = _("Another import of this roster is running: nothing was kept of this one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """How many credentials of a roster are new, updated, or left because somebody checked them."""

    made: int = 0
    updated: int = 0
    left: int = 0

    def plus(self, other: "Imported") -> "Imported":
        """Add the counts of the next batch."""
        return Imported(
            made=self.made + other.made,
            updated=self.updated + other.updated,
            left=self.left + other.left,
        )


@transaction.atomic
def add_review(
    therapist: Therapist,
    client: Client,
    *,
    appointment_key: uuid.UUID,
    technique: str,
    scores: Scores,
    text: str = "",
    attended_on: date,
    now: datetime,
) -> Review:
    """Keep one client's review of one attended session; the caller proves the attendance."""
    if len(text) > LONGEST_REVIEW:
        raise BadInput(_("A review has at most 1500 characters: shorten it, and send it again."))
    try:
        with transaction.atomic():
            review = Review.objects.create(
                therapist=therapist,
                client=client,
                appointment_key=appointment_key,
                technique=technique,
                listening=scores.listening,
                pressure_respected=scores.pressure_respected,
                boundaries_respected=scores.boundaries_respected,
                overall=scores.overall,
                text=text.strip(),
                attended_on=attended_on,
                written_at=now,
            )
    except IntegrityError as error:
        if "appointment_key" in str(error):
            raise ReviewTwice from error
        raise
    audit.record(client.user, "review.written", review, at=now, client=client)
    return review


@transaction.atomic
def count_session(
    therapist: Therapist, techniques: Iterable[str], appointment_key: uuid.UUID, on: date
) -> None:
    """Count one signed session towards each of its techniques; counting it again adds nothing."""
    Experience.objects.bulk_create(
        [
            Experience(
                therapist=therapist,
                technique=technique,
                appointment_key=appointment_key,
                signed_on=on,
            )
            for technique in sorted(set(techniques))
        ],
        ignore_conflicts=True,
    )


@transaction.atomic(durable=True)
def record_verification(
    actor: User,
    credential: Credential,
    *,
    status: str,
    checked_on: date,
    method: str,
    now: datetime,
    expires_on: date | None = None,
) -> Credential:
    """Record what a manager or the operator found about a credential, how and on which day.

    An `expires_on` of None leaves the day that is known already.
    """
    access.check_may_verify(actor, credential)
    if status not in Credential.Status.values:
        raise BadInput(_("Choose one of the listed states of a credential."))
    if method not in Credential.Method.values:
        raise BadInput(_("Say how it was checked: choose one of the listed ways."))
    if checked_on > access.today_of(credential, now):
        raise BadInput(_("A check cannot lie in the future: choose today or an earlier day."))
    locked = Credential.objects.select_for_update(no_key=True, of=("self",)).get(pk=credential.pk)
    locked.status = status
    locked.method = method
    locked.checked_on = checked_on
    locked.checked_by = actor
    locked.expires_on = expires_on or locked.expires_on
    locked.save(update_fields=["status", "method", "checked_on", "checked_by", "expires_on"])
    audit.record(actor, "credential.checked", locked, at=now, reason=f"{method}: {status}")
    return locked


@transaction.atomic(durable=True)
def import_credentials(
    rows: Iterable[RosterCredential], *, actor: User | None, source: str, now: datetime
) -> Imported:
    """Keep every row of a roster as an unverified credential; a known key is updated.

    Whatever `rows` raises undoes the whole import, and so does a second import at the same time.
    A credential that somebody has checked since is left as it is: a roster never says more than
    a register. `source` names the roster.
    """
    remaining = iter(rows)
    total = Imported()
    try:
        while batch := {row.source_key: row for row in islice(remaining, BATCH)}:
            total = total.plus(_keep(batch, source))
    except IntegrityError as error:
        if "credential_once_per_source_row" in str(error):
            raise ImportedMeanwhile from error
        raise
    if latest := Credential.objects.filter(source=source).order_by("-pk").first():
        said = f"{total.made} new, {total.updated} updated, {total.left} left"
        audit.record(actor, "credentials.imported", latest, at=now, reason=said)
    return total


def _keep(batch: dict[str, RosterCredential], source: str) -> Imported:
    known = {
        credential.source_key: credential
        for credential in Credential.objects.select_for_update(no_key=True)
        .filter(source=source, source_key__in=batch)
        .order_by("pk")
    }
    checked = [one for one in known.values() if one.method != Credential.Method.ROSTER]
    own = [one for one in known.values() if one.method == Credential.Method.ROSTER]
    for credential in own:
        _say(credential, batch[credential.source_key])
    Credential.objects.bulk_update(own, SAID)
    new = [_say(_unverified(source, key), row) for key, row in batch.items() if key not in known]
    Credential.objects.bulk_create(new)
    return Imported(made=len(new), updated=len(own), left=len(checked))


#: The fields of a credential that a roster fills.
SAID = ["holder", "title", "number", "jurisdiction", "raw"]


def _unverified(source: str, key: str) -> Credential:
    return Credential(
        kind=Credential.Kind.LICENCE,
        status=Credential.Status.UNKNOWN,
        method=Credential.Method.ROSTER,
        source=source,
        source_key=key,
    )


def _say(credential: Credential, row: RosterCredential) -> Credential:
    credential.holder = row.holder
    credential.title = row.title
    credential.number = row.number
    credential.jurisdiction = row.jurisdiction
    credential.raw = dict(row.raw)
    return credential


# A practice's own listings and services -----------------------------------------------------------

LONGEST_ABOUT = 1500
LONGEST_BREAK = 60
FIRST_YEAR = 1940


class NameTakenMeanwhile(Conflict):
    """Two listings with the same name were made at once."""

    sentence = _("Somebody with the same name was listed just now. Save once more.")


class ServiceTwice(Conflict):
    """The practice has this technique in this length already."""

    sentence = _("You have this technique in this length already: change that one instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingDraft:
    """What a therapist says about themselves, and whether clients may see it."""

    name: str
    about: str = ""
    languages: tuple[str, ...] = ()
    practising_since: int | None = None  # a year
    location: int
    listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDraft:
    """A credential as the therapist tells it."""

    kind: str
    title: str
    number: str = ""
    jurisdiction: str = ""
    issuer: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDraft:
    """A service to offer; `therapists` are numbers of listings."""

    technique: str
    minutes: int
    setup_minutes: int = 0
    cleanup_minutes: int = 10
    price_minor: int
    therapists: frozenset[int]


@transaction.atomic(durable=True)
def save_listing(
    actor: User, practice: Practice, *, draft: ListingDraft, now: datetime
) -> Therapist:
    """Write one's own listing; `listed` is the consent to be shown, and its first day stays."""
    people.check_role(actor, practice, Role.THERAPIST)
    _lock_member(actor, practice)
    _check_listing(practice, draft, this_year=now.astimezone(practice.tz).year)
    found = access.own_listing(actor, practice)
    therapist = found or Therapist(user=actor, practice=practice, slug=_free_slug(draft.name))
    therapist.name = draft.name.strip()
    therapist.about = draft.about.strip()
    therapist.languages = list(draft.languages)
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


LISTED = ["name", "about", "languages", "practising_since"]


@transaction.atomic(durable=True)
def add_credential(
    actor: User, practice: Practice, *, draft: CredentialDraft, now: datetime
) -> Credential:
    """Keep a credential on the therapist's own word; the same one twice is one."""
    people.check_role(actor, practice, Role.THERAPIST)
    _lock_member(actor, practice)
    therapist = access.own_listing(actor, practice)
    if therapist is None:
        raise BadInput(_("Write your listing first."))
    if draft.kind not in Credential.Kind.values:
        raise BadInput(_("Choose what kind of credential it is."))
    if not draft.title.strip():
        raise BadInput(_("Write what the credential is called."))
    credential, made = Credential.objects.get_or_create(
        therapist=therapist,
        kind=draft.kind,
        title=draft.title.strip(),
        number=draft.number.strip(),
        jurisdiction=draft.jurisdiction.strip(),
        issuer=draft.issuer.strip(),
        expires_on=draft.expires_on,
        method=Credential.Method.SELF,
        status=Credential.Status.UNKNOWN,
        defaults={"holder": therapist.name},
    )
    if made:
        audit.record(actor, "credential.added", credential, at=now)
    return credential


@transaction.atomic(durable=True)
def add_service(actor: User, practice: Practice, *, draft: ServiceDraft, now: datetime) -> Service:
    """Offer a technique for a number of minutes that it may last."""
    people.check_role(actor, practice, Role.MANAGER)
    _check_service(draft)
    therapists = _therapists(practice, draft.therapists)
    try:
        with transaction.atomic():
            service = Service.objects.create(
                practice=practice,
                technique=draft.technique,
                minutes=draft.minutes,
                setup_minutes=draft.setup_minutes,
                cleanup_minutes=draft.cleanup_minutes,
                price_minor=draft.price_minor,
            )
    except IntegrityError as error:
        if "service_once_per_length" in str(error):
            raise ServiceTwice from error
        raise
    service.therapists.set(therapists)
    audit.record(actor, "service.added", service, at=now)
    return service


@transaction.atomic(durable=True)
def change_service(
    actor: User,
    service: Service,
    *,
    price_minor: int,
    therapists: frozenset[int],
    active: bool,
    now: datetime,
) -> Service:
    """Change price, therapists or whether it can be booked; booked times keep what they have."""
    people.check_role(actor, service.practice, Role.MANAGER)
    _check_price(price_minor)
    locked = Service.objects.select_for_update(no_key=True, of=("self",)).get(pk=service.pk)
    locked.price_minor = price_minor
    locked.active = active
    locked.save(update_fields=["price_minor", "active"])
    locked.therapists.set(_therapists(service.practice, therapists))
    audit.record(actor, "service.changed", locked, at=now)
    return locked


def _lock_member(actor: User, practice: Practice) -> None:
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


def _check_service(draft: ServiceDraft) -> None:
    try:
        problem = offering.length_problem(draft.technique, draft.minutes)
    except KeyError as error:
        raise BadInput(_("Choose a technique from the list.")) from error
    if problem:
        raise BadInput(problem)
    if not all(0 <= n <= LONGEST_BREAK for n in (draft.setup_minutes, draft.cleanup_minutes)):
        raise BadInput(_("Set-up and clean-up take 0 to 60 minutes each."))
    _check_price(draft.price_minor)


def _check_price(minor: int) -> None:
    if not 0 <= minor <= prices.HIGHEST:
        raise BadInput(_("This is not a price that can be asked."))


def _therapists(practice: Practice, numbers: frozenset[int]) -> list[Therapist]:
    found = list(offering.therapists_of(practice).filter(pk__in=numbers))
    if len(found) != len(numbers):
        raise BadInput(_("Choose therapists of this practice."))
    if not found:
        raise BadInput(_("Choose who offers this."))
    return found
