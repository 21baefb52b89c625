"""Rows of advice for one person: how much, when to stop, what is answered, what else there is.

Pure: no tables, no clock. Nothing is claimed here that the catalogue does not say.

Units   minutes, sessions and weeks in the words of the catalogue.
Errors  KeyError for a technique that does not exist.
Source  knowledge/techniques; what studies found comes from reads/evidence
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue
from unknot.domain.guidance.causes import CauseAnswer
from unknot.domain.guidance.dose import SuggestedDose
from unknot.domain.guidance.entries import Alternative, AlternativeKind
from unknot.domain.guidance.match import Guidance, Suggestion
from unknot.domain.screening.clauses import Action
from unknot.journey.choose.reads.evidence import CONFIDENCE, ClaimRow, claim_rows, source_of

Text = str | Promise

#: What else there is, in the order it is read.
KINDS: Final[dict[AlternativeKind, Text]] = {
    "self_care": _("What you can do yourself"),
    "professional": _("Another professional"),
    "no_massage": _("No massage"),
}
#: What a suggestion asks for, as it is said of two neighbours.
ASKS: Final[dict[Action, Text]] = {
    Action.OK: _("needs no change for you"),
    Action.ADAPT: _("needs a change for you"),
    Action.CLEARANCE: _("needs a clinician's agreement first"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRow:
    """How often and how long, what is behind it, and what to do with less time or money."""

    say: str
    shorter: str
    less: str
    sessions: str
    numbers: str
    caveat: str
    source: Text
    conf: Text
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """What is answered to one suspicion or hope, and what helps besides."""

    id: str
    heard: str
    say: str
    besides: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherRow:
    """Something else than a technique."""

    text: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherGroup:
    """What else there is of one kind."""

    kind: AlternativeKind
    heading: Text
    rows: tuple[OtherRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Everything that is said besides the techniques themselves."""

    dose: DoseRow | None
    stop_when: tuple[str, ...]
    stop_conf: Text
    aims: tuple[AnswerRow, ...]
    causes: tuple[AnswerRow, ...]
    others: tuple[OtherGroup, ...]


def advice(found: Guidance) -> Advice:
    """Put what the rules say besides the techniques into rows."""
    return Advice(
        dose=_dose(found.dose) if found.dose is not None else None,
        stop_when=tuple(rule.say for rule in found.stop_rules),
        stop_conf=CONFIDENCE["derived"],
        aims=tuple(
            AnswerRow(id=aim.id, heard="", say=aim.say, besides="", claims=_named(aim.claims))
            for aim in found.aims
        ),
        causes=tuple(_cause(answer) for answer in found.causes),
        others=tuple(_others(found.alternatives)),
    )


def why_here(one: Suggestion, among: Iterable[Suggestion]) -> str:
    """Say in named words why a suggestion stands where it stands; empty for the only one."""
    by_id = {other.technique.id: other for other in among}
    if one.why_here is None:
        return ""
    other = by_id[one.why_here.neighbour]
    words = {"other": other.technique.name}
    equal = ""
    if one.equals:
        names = ", ".join(by_id[name].technique.name for name in one.equals)
        equal = gettext("Equal with %(names)s.") % {"names": names} + " "
    match one.why_here.because:
        case "action":
            words |= {"this": str(ASKS[one.action]), "that": str(ASKS[other.action])}
            sentence = _pick(
                one,
                gettext("Before %(other)s: this %(this)s, that %(that)s."),
                gettext("After %(other)s: this %(this)s, that %(that)s."),
            )
        case "reasons":
            words |= {"this": _counted(one), "that": _counted(other)}
            sentence = _pick(
                one,
                gettext("Before %(other)s: %(this)s here; %(that)s there."),
                gettext("After %(other)s: %(this)s here; %(that)s there."),
            )
        case "pressure":
            sentence = _pick(
                one,
                gettext("Listed before %(other)s only because the usual pressure is lighter."),
                gettext("Listed after %(other)s only because the usual pressure is firmer."),
            )
        case "listed":
            sentence = _pick(
                one,
                gettext("Listed before %(other)s only because one has to come first."),
                gettext("Listed after %(other)s only because one has to come last."),
            )
    return equal + sentence % words


def _pick(one: Suggestion, before: str, after: str) -> str:
    return before if one.why_here is not None and one.why_here.before else after


def _counted(one: Suggestion) -> str:
    reasons = len(one.reasons_for)
    text = ngettext("%(n)d reason for, %(m)d against", "%(n)d reasons for, %(m)d against", reasons)
    return text % {"n": reasons, "m": len(one.reasons_against)}


def _dose(found: SuggestedDose) -> DoseRow:
    dose = found.dose
    return DoseRow(
        say=dose.say,
        shorter=found.shorter_say,
        less=dose.less,
        sessions=dose.sessions,
        numbers=dose.numbers,
        caveat=dose.caveat,
        source=source_of(dose),
        conf=CONFIDENCE[dose.conf],
        claims=claim_rows(found.claims),
    )


def _cause(answer: CauseAnswer) -> AnswerRow:
    return AnswerRow(
        id=answer.cause.id,
        heard=answer.cause.heard,
        say=answer.cause.say,
        besides=answer.cause.besides,
        claims=claim_rows(answer.claims),
    )


def _others(alternatives: Iterable[Alternative]) -> Iterator[OtherGroup]:
    listed = list(alternatives)
    for kind, heading in KINDS.items():
        rows = tuple(
            OtherRow(text=one.text, claims=_named(one.claims)) for one in listed if one.kind == kind
        )
        if rows:
            yield OtherGroup(kind=kind, heading=heading, rows=rows)


def _named(names: Iterable[str]) -> tuple[ClaimRow, ...]:
    known = catalogue.load()
    return claim_rows(known.claim(name) for name in names)
