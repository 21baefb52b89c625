"""What the product may say massage does, how sure that is, and what is known of body and mind.

`by_complaint` answers for one technique: what studies of that technique itself say about each
complaint, what studies of massage in general say, and that there is nothing where there is none.

Units   months, written 2026-11.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected;
        KeyError for a claim that does not exist.
Source  knowledge/evidence/claims.toml, knowledge/evidence/body_and_mind.toml
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from unknot.domain.bodymap import regions as bodymap
from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, HasId, KnowledgeError, by_id, read
from unknot.domain.screening import catalogue as screening
from unknot.domain.screening.clauses import Basis, Sourced

#: How sure the studies let us be, in four steps.
Step = Literal["not sure", "some signs", "fairly sure", "sure"]
StatusId = Literal[
    "supported_low",
    "supported_very_low",
    "mixed",
    "not_supported",
    "contradicted",
    "harm_note",
]
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
#: What a claim names when its studies were not about a single technique.
MASSAGE: Final = "massage"


class Topic(Entry):
    """What a claim is about: a complaint, something besides, or harm."""

    id: str
    name: str
    kind: Literal["complaint", "besides", "harm"]
    areas: tuple[str, ...] = ()  # area groups of the body map that this complaint covers


class Status(Entry):
    """How well a claim stands, and its step on the evidence meter if it has one."""

    id: StatusId
    text: str
    step: Step | None = None


class Claim(Sourced):
    """One sentence the product may say about what massage does."""

    id: str
    status: StatusId
    say: str
    about: tuple[str, ...] = Field(min_length=1)
    techniques: tuple[str, ...] = Field(min_length=1)
    detail_conf: Confidence | None = None
    reviewed: Month

    @property
    def reviewed_on(self) -> date:
        """Give the first day of the month in which the claim was last held against its source."""
        return date.fromisoformat(f"{self.reviewed}-01")


class Passage(Entry):
    """A few sentences with their source, or claims by id: the claims then speak for themselves."""

    kind: Literal["known", "not_known"]
    claims: tuple[str, ...] = ()
    text: str = ""
    source: str = ""
    basis: Basis | None = None
    origin: str = ""
    conf: Confidence | None = None
    version: int | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if bool(self.text) == bool(self.claims):
            raise ValueError("expected either text or claims, never both")
        if self.text and bool(self.source) == (self.basis is not None):
            raise ValueError("expected either a source or basis = 'unsourced consensus'")
        if self.text and (self.conf is None or self.version is None):
            raise ValueError("expected conf and version beside the text")
        return self


class Section(Entry):
    """One part of the page about body and mind."""

    id: str
    heading: str
    passage: tuple[Passage, ...] = Field(min_length=1)


class Elsewhere(Entry):
    """Something a person may have read elsewhere, and the claims that say what became of it."""

    id: str
    name: str
    claims: tuple[str, ...] = Field(min_length=1)


class BodyAndMind(Entry):
    """body_and_mind.toml"""

    reviewed: Month
    lead: str
    section: tuple[Section, ...]
    elsewhere: tuple[Elsewhere, ...]

    @property
    def reviewed_on(self) -> date:
        """Give the first day of the month in which the texts were last looked through."""
        return date.fromisoformat(f"{self.reviewed}-01")


class ClaimsFile(Entry):
    """claims.toml"""

    topic: tuple[Topic, ...]
    status: tuple[Status, ...]
    claim: tuple[Claim, ...]


class Evidence(Entry):
    """Every claim with its status, already checked: every reference in it leads somewhere."""

    topics: tuple[Topic, ...]
    statuses: tuple[Status, ...]
    claims: tuple[Claim, ...]
    body_and_mind: BodyAndMind

    def claim(self, claim_id: str) -> Claim:
        """Give one claim; KeyError when there is none of that id."""
        return by_id(self.claims, claim_id)

    def status(self, claim_id: str) -> Status:
        """Give how well the claim of that id stands; KeyError when there is none."""
        return by_id(self.statuses, self.claim(claim_id).status)

    def step(self, claim_id: str) -> Step | None:
        """Give a claim's step on the evidence meter; None when it has no meter."""
        return self.status(claim_id).step


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known about one topic: from studies of one technique, and of massage in general."""

    topic: Topic
    own: tuple[Claim, ...]
    general: tuple[Claim, ...]

    @property
    def nothing(self) -> bool:
        """Tell that no study is known, neither of the technique nor of massage in general."""
        return not self.own and not self.general


def by_complaint(evidence: Evidence, technique: str) -> tuple[Found, ...]:
    """Give what is known of `technique` for every complaint, where nothing is known too."""
    return _found(evidence, technique, "complaint")


def besides(evidence: Evidence, technique: str, named: Collection[str]) -> tuple[Found, ...]:
    """Give what is known besides the complaints, of the claims `named`."""
    found = (
        replace(
            one,
            own=tuple(claim for claim in one.own if claim.id in named),
            general=tuple(claim for claim in one.general if claim.id in named),
        )
        for one in _found(evidence, technique, "besides")
    )
    return tuple(one for one in found if not one.nothing)


def harm(evidence: Evidence) -> tuple[Claim, ...]:
    """Give what is known of harm, of any technique."""
    topics = {topic.id for topic in evidence.topics if topic.kind == "harm"}
    return tuple(claim for claim in evidence.claims if not topics.isdisjoint(claim.about))


@cache
def load() -> Evidence:
    """Give the evidence shipped with Unknot, read once; raises KnowledgeError."""
    return read_evidence(KNOWLEDGE)


def read_evidence(knowledge: Path) -> Evidence:
    """Read evidence/ below `knowledge`, cross-checked; raises KnowledgeError."""
    claims = read(knowledge / "evidence" / "claims.toml", ClaimsFile)
    evidence = Evidence(
        topics=claims.topic,
        statuses=claims.status,
        claims=claims.claim,
        body_and_mind=read(knowledge / "evidence" / "body_and_mind.toml", BodyAndMind),
    )
    if problems := tuple(_problems(evidence)):
        raise KnowledgeError("\n".join(problems))
    return evidence


def _found(evidence: Evidence, technique: str, kind: str) -> tuple[Found, ...]:
    return tuple(
        Found(
            topic=topic,
            own=_about(evidence.claims, topic.id, technique),
            general=tuple(
                claim
                for claim in _about(evidence.claims, topic.id, MASSAGE)
                if technique not in claim.techniques
            ),
        )
        for topic in evidence.topics
        if topic.kind == kind
    )


def _about(claims: tuple[Claim, ...], topic: str, technique: str) -> tuple[Claim, ...]:
    return tuple(one for one in claims if topic in one.about and technique in one.techniques)


CLAIMS: Final = "evidence/claims.toml"
PAGE: Final = "evidence/body_and_mind.toml"


def _problems(evidence: Evidence) -> Iterator[str]:
    yield from _repeated(evidence)
    known = {status.id for status in evidence.statuses}
    topics = {topic.id for topic in evidence.topics}
    techniques = {MASSAGE, *screening.load().techniques}
    for claim in evidence.claims:
        yield from _strangers(CLAIMS, f"{claim.id}.status", (claim.status,), known)
        yield from _strangers(CLAIMS, f"{claim.id}.about", claim.about, topics)
        yield from _strangers(CLAIMS, f"{claim.id}.techniques", claim.techniques, techniques)
    areas = bodymap.load().entry.area_groups
    for topic in evidence.topics:
        yield from _strangers(CLAIMS, f"{topic.id}.areas", topic.areas, areas)
    claims = {claim.id for claim in evidence.claims}
    for section in evidence.body_and_mind.section:
        for passage in section.passage:
            yield from _strangers(PAGE, f"{section.id}.claims", passage.claims, claims)
    for one in evidence.body_and_mind.elsewhere:
        yield from _strangers(PAGE, f"{one.id}.claims", one.claims, claims)


def _repeated(evidence: Evidence) -> Iterator[str]:
    tables: tuple[tuple[str, tuple[HasId, ...]], ...] = (
        (CLAIMS, evidence.topics),
        (CLAIMS, evidence.statuses),
        (CLAIMS, evidence.claims),
        (PAGE, evidence.body_and_mind.section),
        (PAGE, evidence.body_and_mind.elsewhere),
    )
    for file, rows in tables:
        ids = [row.id for row in rows]
        for name in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{file}: {name}.id: expected an id used once"


def _strangers(file: str, key: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    allowed = sorted(known)
    for name in names:
        if name not in allowed:
            yield f"{file}: {key}: unknown {name!r}, expected one of {', '.join(allowed)}"
