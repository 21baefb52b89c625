"""Answer every cause that a client suspects, with the claims that bear on it.

A suspicion is never a finding and changes no order: it is heard, answered honestly and left there.

Units   none.
Errors  UnknownCause: a suspicion that the file does not answer.
Source  knowledge/techniques/causes.toml
"""

from dataclasses import dataclass

from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.entries import Cause
from unknot.domain.guidance.evidence import Claim
from unknot.domain.guidance.facts import Facts, holds


class UnknownCause(KeyError):
    """No answer is written to this cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseAnswer:
    """What is answered to one suspected cause, with the claims that are about this person."""

    cause: Cause
    claims: tuple[Claim, ...]


def answers_to(catalogue: Catalogue, facts: Facts) -> tuple[CauseAnswer, ...]:
    """Answer the suspected causes in the order of the file; raises UnknownCause."""
    suspected = set(facts.suspected_causes)
    if unknown := suspected - {cause.id for cause in catalogue.causes}:
        raise UnknownCause(", ".join(sorted(unknown)))
    return tuple(
        _answer(catalogue, cause, facts) for cause in catalogue.causes if cause.id in suspected
    )


def _answer(catalogue: Catalogue, cause: Cause, facts: Facts) -> CauseAnswer:
    claims = (
        catalogue.claim(one.id)
        for one in cause.claims
        if one.when is None or holds(one.when, facts)
    )
    return CauseAnswer(cause=cause, claims=tuple(claims))
