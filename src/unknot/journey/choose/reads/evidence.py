"""Rows about what studies found, for the pages: the evidence's own words, with how sure they are.

Pure: no tables, no clock. Nothing is claimed here that the evidence files do not say.

Units   `grade` is the step of the evidence meter, 0 when it has none; `reviewed` is the first day
        of a month.
Errors  KeyError for a claim or a technique that does not exist.
Source  knowledge/evidence
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from unknot.domain.guidance import catalogue as guidance
from unknot.domain.guidance import evidence
from unknot.domain.guidance.evidence import Claim, Found, Passage, Section
from unknot.domain.screening.clauses import Sourced

Text = str | Promise

GRADES: Final = {"not sure": 1, "some signs": 2, "fairly sure": 3, "sure": 4}

#: How a fact came into the files, in words.
CONFIDENCE: Final[dict[str, Text]] = {
    "seen": _("we read this in the source or a copy of it"),
    "known": _("known from the citation; we have not read it again"),
    "unsure": _("still to be checked"),
    "derived": _("our own conclusion"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One sentence about what studies found, and how sure that is."""

    say: str
    status: str
    grade: int
    source: Text
    conf: Text
    reviewed: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRow:
    """What is known about one topic: of the technique itself, and of massage in general."""

    id: str
    name: str
    own: tuple[ClaimRow, ...]
    general: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TechniqueEvidence:
    """All that is known of one technique."""

    complaints: tuple[FoundRow, ...]  # where something is known
    gaps: tuple[str, ...]  # the complaints of which nothing is
    besides: tuple[FoundRow, ...]
    harm: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageRow:
    """A few sentences with their source, or the claims that stand in their place."""

    text: str
    source: Text
    conf: Text
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRow:
    """One part of the page about body and mind."""

    id: str
    heading: str
    known: tuple[PassageRow, ...]
    not_known: tuple[PassageRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElsewhereRow:
    """Something a person may have read elsewhere, and what became of it."""

    id: str
    name: str
    claims: tuple[ClaimRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyAndMindPage:
    """The page about body and mind, whole."""

    lead: str
    reviewed: date
    sections: tuple[SectionRow, ...]
    elsewhere: tuple[ElsewhereRow, ...]
    also_say: str


def claim_rows(claims: Iterable[Claim]) -> tuple[ClaimRow, ...]:
    """Put claims into rows, each with its status, source and month of review."""
    known = evidence.load()
    return tuple(
        ClaimRow(
            say=claim.say,
            status=known.status(claim.id).text,
            grade=GRADES[step] if (step := known.step(claim.id)) else 0,
            source=source_of(claim),
            conf=CONFIDENCE[claim.conf],
            reviewed=claim.reviewed_on,
        )
        for claim in claims
    )


def technique_evidence(technique: str) -> TechniqueEvidence:
    """Give what is known of one technique; KeyError when there is none of that id."""
    known = evidence.load()
    named = set(guidance.load().technique(technique).claims)
    found = evidence.by_complaint(known, technique)
    told = {claim.id for one in found for claim in one.own}
    return TechniqueEvidence(
        complaints=tuple(_found(one) for one in found if not one.nothing),
        gaps=tuple(one.topic.name for one in found if one.nothing),
        besides=tuple(_found(one) for one in evidence.besides(known, technique, named - told)),
        harm=claim_rows(evidence.harm(known)),
    )


def body_and_mind() -> BodyAndMindPage:
    """Give the page about body and mind, in the files' own words."""
    page = evidence.load().body_and_mind
    return BodyAndMindPage(
        lead=page.lead,
        reviewed=page.reviewed_on,
        sections=tuple(_section(section) for section in page.section),
        elsewhere=tuple(
            ElsewhereRow(id=one.id, name=one.name, claims=_named(one.claims))
            for one in page.elsewhere
        ),
        also_say=guidance.load().words.also_say,
    )


def source_of(entry: Sourced | Passage) -> Text:
    """Give the source of an entry, or that nothing published backs it, and whose word it is."""
    if entry.source:
        return entry.source
    if entry.origin:
        return format_lazy(_("no published source: {origin}"), origin=entry.origin)
    return _("no published source; professional consensus")


def _found(one: Found) -> FoundRow:
    return FoundRow(
        id=one.topic.id,
        name=one.topic.name,
        own=claim_rows(one.own),
        general=claim_rows(one.general),
    )


def _named(names: tuple[str, ...]) -> tuple[ClaimRow, ...]:
    return claim_rows(evidence.load().claim(name) for name in names)


def _section(section: Section) -> SectionRow:
    return SectionRow(
        id=section.id,
        heading=section.heading,
        known=tuple(_passage(one) for one in section.passage if one.kind == "known"),
        not_known=tuple(_passage(one) for one in section.passage if one.kind == "not_known"),
    )


def _passage(one: Passage) -> PassageRow:
    return PassageRow(
        text=one.text,
        source=source_of(one),
        conf=CONFIDENCE[one.conf] if one.conf is not None else "",
        claims=_named(one.claims),
    )
