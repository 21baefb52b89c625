"""Credentials as a page shows them: what each is, who says so, and whether it earned the badge.

Units   `on` is the day it is for the reader.
Errors  none.
Source  domain/credentials/standing.py
"""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from unknot.domain.credentials import standing as credentials
from unknot.domain.credentials.standing import Standing
from unknot.journey.choose.models import Credential, Therapist

DAY = "j F Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRow:
    """One credential: what it is, who says so, and whether it earned the badge."""

    text: str
    state: str  # "checked", "caution" or "none"
    checked: date | None


def verified(credential: Credential, on: date) -> bool:
    """Whether a credential earns the badge on a day."""
    return credentials.verified(credential, on=on)


def of(therapist: Therapist, on: date) -> tuple[CredentialRow, ...]:
    """Every credential of one therapist, as their page shows it; 1 query."""
    found = therapist.credentials.order_by("kind", "title", "pk")
    return tuple(row(one, on) for one in found)


def row(one: Credential, on: date) -> CredentialRow:
    standing = credentials.standing(one, on=on)
    text = f"{_called(one)}: {_stands(one, standing)}"
    if standing == "verified":
        return CredentialRow(text=text, state="checked", checked=one.checked_on)
    state = "caution" if standing in {"restricted", "expired"} else "none"
    return CredentialRow(text=text, state=state, checked=None)


def _called(one: Credential) -> str:
    parts = (" ".join(filter(None, (one.title, one.number))), one.issuer or one.jurisdiction)
    return ", ".join(part for part in parts if part)


def _stands(one: Credential, standing: Standing) -> str:
    """Who says what about a credential, and when they looked."""
    day = date_format(one.checked_on, DAY) if one.checked_on else _("an unknown day")
    match standing:
        case "verified":
            return _("active on the register")
        case "stale":
            return _("seen active on the register on %s, too long ago to rely on") % day
        case "expired" if one.expires_on is not None:
            return _("ran out on %s") % date_format(one.expires_on, DAY)
        case "expired" | "restricted":
            label = Credential.Status(one.status).label
            return _("%(status)s, as of %(day)s") % {"status": label, "day": day}
        case "unregistered":
            return _unregistered(one, day)
        case "claimed":
            return _claimed(one, day)


def _unregistered(one: Credential, day: str) -> str:
    if one.method == Credential.Method.DOCUMENT:
        return _("no public register exists; a document was shown on %s") % day
    return _("no public register exists to look it up")


def _claimed(one: Credential, day: str) -> str:
    match Credential.Method(one.method):
        case Credential.Method.DOCUMENT:
            return _("a document was shown on %s; no register confirmed it") % day
        case Credential.Method.ROSTER:
            return _("listed in a roster, which confirms nothing")
        case Credential.Method.REGISTER:
            return _("the register did not show it as active on %s") % day
        case Credential.Method.SELF:
            return _("the therapist's own word, not checked")
