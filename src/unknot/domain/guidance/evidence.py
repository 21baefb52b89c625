"""What the product may say massage does, and how sure that is, read from the files.

Units   none.
Errors  KnowledgeError: one line per problem, naming file, key and what was expected;
        KeyError for a claim that does not exist.
Source  knowledge/evidence/claims.toml
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from unknot.domain.knowledge import KNOWLEDGE, Confidence, Entry, HasId, KnowledgeError, by_id, read
from unknot.domain.screening.clauses import Sourced

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
    detail_conf: Confidence | None = None


class ClaimsFile(Entry):
    """claims.toml"""

    status: tuple[Status, ...]
    claim: tuple[Claim, ...]


class Evidence(Entry):
    """Every claim with its status, already checked: every reference in it leads somewhere."""

    statuses: tuple[Status, ...]
    claims: tuple[Claim, ...]

    def claim(self, claim_id: str) -> Claim:
        """Give one claim; KeyError when there is none of that id."""
        return by_id(self.claims, claim_id)

    def status(self, claim_id: str) -> Status:
        """Give how well the claim of that id stands; KeyError when there is none."""
        return by_id(self.statuses, self.claim(claim_id).status)

    def step(self, claim_id: str) -> Step | None:
        """Give a claim's step on the evidence meter; None when it has no meter."""
        return self.status(claim_id).step


@cache
def load() -> Evidence:
    """Give the evidence shipped with Unknot, read once; raises KnowledgeError."""
    return read_evidence(KNOWLEDGE)


def read_evidence(knowledge: Path) -> Evidence:
    """Read evidence/ below `knowledge`, cross-checked; raises KnowledgeError."""
    claims = read(knowledge / "evidence" / "claims.toml", ClaimsFile)
    evidence = Evidence(statuses=claims.status, claims=claims.claim)
    if problems := tuple(_problems(evidence)):
        raise KnowledgeError("\n".join(problems))
    return evidence


def _problems(evidence: Evidence) -> Iterator[str]:
    file = "evidence/claims.toml"
    tables: tuple[tuple[HasId, ...], ...] = (evidence.claims, evidence.statuses)
    for rows in tables:
        ids = [row.id for row in rows]
        for name in sorted({one for one in ids if ids.count(one) > 1}):
            yield f"{file}: {name}.id: expected an id used once"
    known = {status.id for status in evidence.statuses}
    for claim in evidence.claims:
        if claim.status not in known:
            allowed = ", ".join(sorted(known))
            yield f"{file}: {claim.id}.status: unknown {claim.status!r}, expected one of {allowed}"
