"""Credentials as those see them who keep or check them: with documents, warnings, and what is due.

Units   `on` is the day it is for the practice; days are counted from it.
Errors  none.
Source  domain/credentials: the badge rule, and when somebody is warned.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from unknot.domain.credentials import ending
from unknot.domain.credentials.matching import PRIMARY
from unknot.domain.credentials.standing import CHECK_LASTS, has_run_out, is_primary
from unknot.journey.choose import access
from unknot.journey.choose.models import Credential, CredentialDocument
from unknot.journey.choose.reads import papers, rosters
from unknot.people.models import Practice, User

KINDS: Final = tuple(Credential.Kind.choices)
STATUSES: Final = tuple((value, capfirst(label)) for value, label in Credential.Status.choices)
DISCIPLINES: Final[tuple[tuple[str, Promise], ...]] = (
    ("none", gettext_lazy("None found")),
    ("present", gettext_lazy("There is one")),
    ("unknown", gettext_lazy("I did not look, or it cannot be seen")),
)
METHODS: Final[tuple[tuple[str, Promise], ...]] = (
    ("register", gettext_lazy("The register’s own page")),
    ("roster", gettext_lazy("A roster")),
    ("document", gettext_lazy("A document")),
)
KIND_NAMES: Final[dict[str, str | Promise]] = dict(KINDS)
DOCUMENT_KINDS: Final = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}
PARTS: Final = (
    ("number", gettext_lazy("The number")),
    ("name", gettext_lazy("The name")),
    ("state", gettext_lazy("The country or state")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One document beside a credential, never its content."""

    key: UUID
    kind: str
    size: int  # bytes
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One credential with what has to be done about it."""

    key: UUID
    paper: papers.CredentialRow
    holder: str
    therapist: str
    practice: str
    expires_on: date | None
    checked_on: date | None
    check_ends: date | None  # the last day on which the look into a register counts
    is_checked: bool  # by somebody else than the therapist
    can_be_removed: bool
    due: str  # what has to be done, empty when nothing has
    documents: tuple[DocumentRow, ...]


def kept() -> QuerySet[Credential]:
    """Credentials with what a row needs: 2 queries, however many they are."""
    documents = CredentialDocument.objects.defer("content").order_by("uploaded_at", "pk")
    return (
        papers.ordered()
        .select_related("checked_by", "therapist__practice")
        .prefetch_related(Prefetch("documents", documents))
    )


def own(actor: User, practice: Practice, on: date) -> tuple[Kept, ...]:
    """One's own credentials in a practice; 2 queries."""
    found = kept().filter(therapist__user=actor, therapist__practice=practice)
    return tuple(row(one, on) for one in found)


def row(one: Credential, on: date) -> Kept:
    """One credential with what has to be done about it; documents are 1 query unless loaded."""
    primary = is_primary(one.method, one.source) and one.checked_on is not None
    checked = one.method != Credential.Method.SELF
    return Kept(
        key=one.key,
        paper=papers.row(one, on),
        holder=one.holder,
        therapist=one.therapist.name,
        practice=one.therapist.practice.name,
        expires_on=one.expires_on,
        checked_on=one.checked_on,
        check_ends=one.checked_on + CHECK_LASTS if primary and one.checked_on else None,
        is_checked=checked,
        can_be_removed=not checked and not has_run_out(one, on=on),
        due=due(one, on),
        documents=tuple(_documents(one.documents.all())),
    )


def as_told(one: Credential) -> dict[str, object]:
    """What the therapist told of a credential, as the form shows it again."""
    names = (
        "kind",
        "title",
        "holder",
        "number",
        "jurisdiction",
        "issuer",
        "issued_on",
        "expires_on",
        "technique",
        "hours",
    )
    told = {name: getattr(one, name) for name in names}
    return told | {"no_register": one.status == Credential.Status.NO_REGISTER}


def due(one: Credential, on: date) -> str:
    """What has to be done about a credential, in words; empty when nothing has."""
    days = ending.step(one.kind, one.expires_on, on=on)
    if one.expires_on is not None and days is not None:
        left = (one.expires_on - on).days
        if left == 0:
            return _("Runs out today: this is its last valid day.")
        text = ngettext(
            "Runs out in %(n)d day: its last valid day is %(day)s.",
            "Runs out in %(n)d days: its last valid day is %(day)s.",
            left,
        )
        return text % {"n": left, "day": date_format(one.expires_on, papers.DAY)}
    if _is_old(one, on):
        return _("The check is older than 90 days: look into the register again.")
    return ""


def _is_old(one: Credential, on: date) -> bool:
    looked = is_primary(one.method, one.source) and one.checked_on is not None
    return looked and one.checked_on is not None and one.checked_on + CHECK_LASTS < on


def _documents(found: Iterable[CredentialDocument]) -> Iterable[DocumentRow]:
    for one in found:
        yield DocumentRow(
            key=one.key, kind=DOCUMENT_KINDS[one.kind], size=one.size, at=one.uploaded_at
        )


# What the operator looks for ----------------------------------------------------------------------


def listed(which: str, words: str, on: date) -> QuerySet[Credential]:
    """The credentials of one list of the operator's, the most urgent first.

    never  nobody has checked them      old  the look into a primary source is older than 90 days
    ending within 60 days               all  every one
    """
    found = kept().filter(_which(which, on))
    if words:
        found = found.filter(
            Q(holder__icontains=words)
            | Q(number__icontains=words)
            | Q(therapist__name__icontains=words)
        )
    first = {"never": "pk", "old": "checked_on", "ending": "expires_on", "all": "holder"}[which]
    return found.order_by(first, "pk")


def _which(which: str, on: date) -> Q:
    match which:
        case "never":
            return Q(method=Credential.Method.SELF)
        case "old":
            by_roster = Q(method=Credential.Method.ROSTER, source__in=PRIMARY)
            looked = Q(method=Credential.Method.REGISTER) | by_roster
            return looked & Q(checked_on__lt=on - CHECK_LASTS)
        case "ending":
            last = date.fromordinal(on.toordinal() + max(ending.STEPS))
            return Q(kind__in=ending.RENEWED, expires_on__range=(on, last))
        case _:
            return Q()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A roster's row beside a credential, with its states in words."""

    row: rosters.EvidenceRow
    status: str
    discipline: str

    @property
    def roster(self) -> str:
        """The name of its roster."""
        return capfirst(rosters.name_of(self.row.source))

    @property
    def named(self) -> str:
        """What tells this row from the others: its roster, name and number."""
        return ", ".join(filter(None, (self.roster, self.row.holder, self.row.number)))

    @property
    def said(self) -> str:
        """What it says of the licence, in one line."""
        last = self.row.expires_on
        day = (
            _("last valid day %s") % date_format(last, papers.DAY)
            if last
            else _("no last valid day")
        )
        return f"{self.row.title}, {self.status}, {day}"


def evidence(credential: Credential) -> tuple[Evidence, ...]:
    """The rows of rosters that may mean a credential, the best match first; 1 query."""
    return tuple(
        Evidence(
            row=one,
            status=str(Credential.Status(one.status).label),
            discipline=str(Credential.Discipline(one.discipline).label),
        )
        for one in rosters.evidence_for(credential)
    )


def to_check(actor: User, key: UUID) -> Credential:
    """Load a credential for a manager of its practice or the operator; raises Missing."""
    return access.credential_to_check(actor, key)
