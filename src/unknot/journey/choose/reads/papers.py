"""Credentials as a page shows them: what each is, who says so, and whether it earned the badge.

Units   `on` is the day it is for the reader.
Errors  none.
Source  domain/credentials/standing.py
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unknot.domain.credentials import standing as credentials
from unknot.domain.credentials.standing import Standing
from unknot.domain.guidance import catalogue
from unknot.journey.choose.models import Credential, Therapist
from unknot.journey.choose.reads import rosters

DAY = "j F Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRow:
    """One credential: what it is, who says so, and whether it earned the badge."""

    text: str  # in one line, without the day of a check that earned the badge
    state: str  # "checked", "caution" or "none"
    badge: bool  # whether it makes its therapist verified: checked, and of a kind that can
    checked: date | None  # the day of the check that earned the badge
    name: str
    kind: str
    holder: str  # the name on it, empty where it is the name of the listing
    facts: tuple[str, ...]  # number, place, issuer, days, what a training was in
    standing: str  # in words, with the day
    by: str  # who said so, empty where `standing` says it
    discipline: str  # empty where nothing was found
    discipline_url: str
    scope: str


def verified(credential: Credential, on: date) -> bool:
    """Whether a credential earns the badge on a day."""
    return credentials.verified(credential, on=on)


def ordered() -> QuerySet[Credential]:
    """Credentials in the order of a page, each with who checked it."""
    return Credential.objects.order_by("kind", "title", "pk").select_related("checked_by")


def of(therapist: Therapist, on: date) -> tuple[CredentialRow, ...]:
    """Every credential of one therapist, as their page shows it; 1 query."""
    own = ordered().select_related("therapist").filter(therapist=therapist)
    return tuple(row(one, on) for one in own)


def row(one: Credential, on: date) -> CredentialRow:
    """The row of one credential on a day; its therapist and `checked_by` are best loaded."""
    standing = credentials.standing(one, on=on)
    said, found = _stands(one, standing), _discipline(one)
    badge = standing == "verified"
    return CredentialRow(
        text=f"{_called(one)} ({found}): {said}" if found else f"{_called(one)}: {said}",
        state="checked" if badge else _state(one, standing),
        badge=credentials.verified(one, on=on),
        checked=one.checked_on if badge else None,
        name=one.title,
        kind=str(Credential.Kind(one.kind).label),
        holder=_other_name(one),
        facts=tuple(_facts(one)),
        standing=_("%(said)s, checked %(day)s") % {"said": said, "day": _day(one.checked_on)}
        if badge
        else said,
        by="" if _says_whose_word(one, standing) else _by(one),
        discipline=found,
        discipline_url=one.discipline_url if one.discipline == "present" else "",
        scope=one.scope_notes,
    )


def _state(one: Credential, standing: Standing) -> str:
    warned = standing in {"restricted", "expired"} or one.discipline == "present"
    return "caution" if warned else "none"


def _called(one: Credential) -> str:
    name = _other_name(one)
    parts = (
        " ".join(filter(None, (one.title, one.number))),
        one.issuer or one.jurisdiction,
        _("in the name of %s") % name if name else "",
    )
    return ", ".join(part for part in parts if part)


def _other_name(one: Credential) -> str:
    """The name on a credential where the listing has another one: a reader has to see it."""
    return "" if one.holder == one.therapist.name else one.holder


def _facts(one: Credential) -> list[str]:
    facts = []
    if one.number:
        facts.append(_("Number %s") % one.number)
    facts += [part for part in (one.jurisdiction, one.issuer) if part]
    if one.technique:
        facts.append(catalogue.load().technique(one.technique).name)
    if one.hours:
        facts.append(ngettext("%d hour", "%d hours", one.hours) % one.hours)
    if one.issued_on:
        facts.append(_("issued %s") % _day(one.issued_on))
    if one.expires_on:
        facts.append(_("last valid day %s") % _day(one.expires_on))
    return facts


def _says_whose_word(one: Credential, standing: Standing) -> bool:
    """Whether how it stands names the therapist's own word already."""
    return one.method == Credential.Method.SELF and standing in {"claimed", "unregistered"}


def _by(one: Credential) -> str:
    """Who said so: the therapist, or who looked and how."""
    if one.method == Credential.Method.SELF or one.checked_by is None:
        return _("Said by the therapist; nobody has checked it.")
    said = {
        "who": _("the operator of this site") if one.checked_by.is_operator else _("the practice"),
        "day": _day(one.checked_on),
        "source": _source(one),
    }
    match Credential.Method(one.method):
        case Credential.Method.REGISTER if one.source:
            return _("Looked up by %(who)s on %(day)s in: %(source)s.") % said
        case Credential.Method.REGISTER:
            return _("Looked up by %(who)s on %(day)s in the register.") % said
        case Credential.Method.ROSTER:
            return _("Compared by %(who)s with a roster: %(source)s, as of %(day)s.") % said
        case _:
            return _("A document was seen by %(who)s on %(day)s.") % said


def _source(one: Credential) -> str:
    return rosters.name_of(one.source) if one.method == Credential.Method.ROSTER else one.source


def _discipline(one: Credential) -> str:
    match Credential.Discipline(one.discipline):
        case Credential.Discipline.PRESENT if one.discipline_on:
            return _("Disciplinary finding of %s") % _day(one.discipline_on)
        case Credential.Discipline.PRESENT:
            return _("There is a disciplinary finding")
        case _:
            return ""


def _day(day: date | None) -> str:
    return date_format(day, DAY) if day else _("an unknown day")


def _stands(one: Credential, standing: Standing) -> str:
    """How a credential stands, in words."""
    day = _day(one.checked_on)
    match standing:
        case "verified" | "stale":
            return _seen_active(one, day, is_stale=standing == "stale")
        case "expired" if one.expires_on is not None and one.status not in credentials.RUN_OUT:
            return _("ran out on %s") % _day(one.expires_on)
        case "expired" | "restricted":
            label = Credential.Status(one.status).label
            return _("%(status)s, as of %(day)s") % {"status": label, "day": day}
        case "unregistered":
            return _unregistered(one, day)
        case "claimed":
            return _claimed(one, day)


def _seen_active(one: Credential, day: str, *, is_stale: bool) -> str:
    if _is_board_list(one):
        if is_stale:
            return (
                _("seen active in the licensing board’s list on %s, too long ago to rely on") % day
            )
        return _("active in the licensing board’s list")
    if is_stale:
        return _("seen active on the register on %s, too long ago to rely on") % day
    return _("active on the register")


def _is_board_list(one: Credential) -> bool:
    """Whether what was found stands in a file of the board's, not on a register's own page."""
    return one.method == Credential.Method.ROSTER and credentials.is_primary(one.method, one.source)


def _unregistered(one: Credential, day: str) -> str:
    if one.method == Credential.Method.SELF:
        return _("no public register exists for this, by the therapist’s own word")
    if one.method == Credential.Method.DOCUMENT:
        return _("no public register exists; a document was shown on %s") % day
    return _("no public register exists to look it up")


def _claimed(one: Credential, day: str) -> str:
    match Credential.Method(one.method):
        case Credential.Method.DOCUMENT:
            return _("a document was shown on %s; no register confirmed it") % day
        case Credential.Method.ROSTER if _is_board_list(one):
            return _claimed_by_board(one, day)
        case Credential.Method.ROSTER:
            return _("listed in a roster, which confirms nothing")
        case Credential.Method.REGISTER if one.status != Credential.Status.ACTIVE:
            return _("the register did not show it as active on %s") % day
        case Credential.Method.REGISTER:
            return _("found in a register on %s, but not both name and number") % day
        case Credential.Method.SELF:
            return _("the therapist's own word, not checked")


def _claimed_by_board(one: Credential, day: str) -> str:
    if one.status != Credential.Status.ACTIVE:
        return _("the licensing board’s list did not show it as active on %s") % day
    return _("found in the board’s list, but number and name did not both match")
