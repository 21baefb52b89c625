"""Deeds about people: set up a practice, its numbers, agree, withdraw, approve the safety table.

Units   aware datetimes.
Errors  BadInput: the sentence says which value and how to mend it. Nothing is half-written.
        TextChanged: the text that was agreed to is no longer the one in force.
Source  decisions 11 and 14: docs/decisions/0004-roles-and-rights.md, 0012-consent-per-purpose.md
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from unknot.people import access, audit
from unknot.people.models import (
    Client,
    Consent,
    Location,
    Membership,
    Practice,
    Purpose,
    Role,
    User,
    is_zone,
)
from unknot.people.reads import newest_version
from unknot.web.errors import BadInput, Conflict

#: General emergency numbers by country; a practice can change its own.
EMERGENCY_NUMBERS = {"US": "911", "CA": "911", "GB": "999", "IE": "112", "AU": "000", "NZ": "111"}
EMERGENCY_ELSEWHERE = "112"
#: A number to dial: 2 to 20 digits and spaces, with a plus at most in front.
DIALLED: Final = re.compile(r"\+?[0-9][0-9 ]{0,17}[0-9]")


class TextChanged(Conflict):
    """Somebody agreed to a text that is no longer the one in force."""

    title = gettext_lazy("This text has just changed")
    sentence = gettext_lazy("A newer text took its place, so nothing was recorded.")
    mend = gettext_lazy("Go to your account, read the new text, and choose there.")


@transaction.atomic(durable=True)
def set_up_practice(  # noqa: PLR0913  # one argument for each question of the set-up
    *,
    practice_name: str,
    location_name: str,
    address: str,
    zone: str,
    currency: str,
    country: str,
    manager_name: str,
    manager_email: str,
    password: str,
    also_therapist: bool,
    now: datetime,
) -> Practice:
    """Make the first practice of an empty installation, its location and its manager."""
    _check_set_up(practice_name, zone, currency, country, manager_email, password)
    practice = Practice.objects.create(
        name=practice_name.strip(),
        slug=slugify(practice_name)[:50] or "practice",
        zone=zone,
        currency=currency.upper(),
        country=country.upper(),
        emergency_number=EMERGENCY_NUMBERS.get(country.upper(), EMERGENCY_ELSEWHERE),
        created_at=now,
    )
    Location.objects.create(practice=practice, name=location_name.strip(), address=address.strip())
    manager = User.objects.create_user(
        manager_email, password, name=manager_name.strip(), created_at=now
    )
    EmailAddress.objects.create(user=manager, email=manager.email, primary=True, verified=True)
    for role in [Role.MANAGER, *([Role.THERAPIST] if also_therapist else [])]:
        Membership.objects.create(user=manager, practice=practice, role=role, since=now)
    audit.record(manager, "practice.set-up", practice, at=now)
    return practice


def _check_set_up(
    name: str, zone: str, currency: str, country: str, email: str, password: str
) -> None:
    if not name.strip():
        raise BadInput(_("The practice needs a name."))
    if Practice.objects.filter(slug=slugify(name)[:50] or "practice").exists():
        raise BadInput(_("A practice of this name is already set up."))
    try:
        is_zone(zone)
        validate_email(email)
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise BadInput(" ".join(error.messages)) from error
    if not (len(currency) == 3 and currency.isalpha()):
        raise BadInput(_("The currency is three letters, such as EUR."))
    if not (len(country) == 2 and country.isalpha()):
        raise BadInput(_("The country is two letters, such as DE."))
    if User.objects.filter(email=email.strip().lower()).exists():
        raise BadInput(_("There is already an account with this e-mail address."))


@transaction.atomic(durable=True)
def approve_safety_table(
    actor: User, practice: Practice, *, name: str, on: date, version: int, now: datetime
) -> None:
    """Record who approved the safety table for this practice; opens its check-ins."""
    access.check_role(actor, practice, Role.MANAGER)
    if not name.strip():
        raise BadInput(_("Write the name of the clinician who approved the table."))
    if on > now.astimezone(practice.tz).date():
        raise BadInput(_("The day of approval lies in the future."))
    practice.safety_approved_by = name.strip()
    practice.safety_approved_on = on
    practice.safety_approved_version = version
    practice.save(
        update_fields=["safety_approved_by", "safety_approved_on", "safety_approved_version"]
    )
    audit.record(actor, "safety-table.approved", practice, at=now)


@transaction.atomic(durable=True)
def check_numbers(
    actor: User, practice: Practice, *, phone: str, emergency_number: str, now: datetime
) -> None:
    """Keep the numbers clients read, with who made sure that they are right, and when."""
    access.check_role(actor, practice, Role.MANAGER)
    for number in (emergency_number, *([phone] if phone else [])):
        if DIALLED.fullmatch(number) is None:
            raise BadInput(_("Write the number in 2 to 20 digits and spaces, such as 112."))
    practice.phone, practice.emergency_number = phone, emergency_number
    practice.numbers_checked_by, practice.numbers_checked_at = actor, now
    practice.save(
        update_fields=["phone", "emergency_number", "numbers_checked_by", "numbers_checked_at"]
    )
    audit.record(actor, "help-numbers.checked", practice, at=now)


def give_consent(
    client: Client, purpose: Purpose, *, now: datetime, version: int | None = None
) -> None:
    """Record an agreement unless one already stands; runs inside the caller's transaction.

    `version` is the text that was read, else the newest. What stands keeps its version: nobody
    agrees to a newer text without having been asked.
    """
    Consent.objects.get_or_create(
        client=client,
        purpose=purpose,
        withdrawn_at=None,
        defaults={"version": version or newest_version(purpose), "given_at": now},
    )


def share_only(client: Client, shares: Collection[str], *, now: datetime) -> None:
    """Agree to share these answer groups, and take the other groups back.

    Runs inside the caller's transaction, for somebody who has just said so in a check-in, where
    `care` was agreed to before.
    """
    for purpose in set(Purpose) - {Purpose.CARE}:
        if purpose in shares:
            give_consent(client, purpose, now=now)
        else:
            _take_back(client.user, client, purpose, now=now)


@transaction.atomic(durable=True)
def agree(
    actor: User, client: Client, purpose: Purpose, *, now: datetime, version: int | None = None
) -> None:
    """The client agrees to the newest text of one purpose; an older agreement ends with it.

    `version` is what the client had before their eyes; raises TextChanged when it is not the
    newest. Repeating it changes nothing.
    """
    newest = newest_version(purpose)
    if version not in (None, newest):
        raise TextChanged
    standing = _standing(client, purpose)
    if standing.filter(version=newest).exists():
        return
    standing.update(withdrawn_at=now)
    made = Consent.objects.create(client=client, purpose=purpose, version=newest, given_at=now)
    audit.record(actor, "consent.given", made, at=now, client=client)


@transaction.atomic(durable=True)
def withdraw_consent(actor: User, client: Client, purpose: Purpose, *, now: datetime) -> None:
    """The client takes back one agreement, in one step; repeating it changes nothing."""
    _take_back(actor, client, purpose, now=now)


def _take_back(actor: User | None, client: Client, purpose: Purpose, *, now: datetime) -> None:
    for standing in _standing(client, purpose):
        standing.withdrawn_at = now
        standing.save(update_fields=["withdrawn_at"])
        audit.record(actor, "consent.withdrawn", standing, at=now, client=client)


def _standing(client: Client, purpose: Purpose) -> QuerySet[Consent]:
    """The agreement that stands, while the client's row keeps a second press waiting."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    return Consent.objects.filter(client=client, purpose=purpose, withdrawn_at__isnull=True)
