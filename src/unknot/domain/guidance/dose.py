"""How often and how long, and when to stop: what one person is told before the first session.

The first dose whose condition holds is suggested; the last one stands for everybody else. It is
a number from a trial or a plan of ours, never a promise, and says which of the two.

Units   minutes, sessions and weeks as the files write them.
Errors  none: the catalogue has checked that the last dose asks for nothing.
Source  knowledge/techniques/dosing.toml and stop_rules.toml
"""

from dataclasses import dataclass

from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.entries import Dose, StopRule
from unknot.domain.guidance.evidence import Claim
from unknot.domain.guidance.facts import Facts, holds


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedDose:
    """The dose for one person, with the claims it rests on."""

    dose: Dose
    wants_shorter: bool  # the sessions wished for are below the minutes of the dose
    claims: tuple[Claim, ...]

    @property
    def shorter_say(self) -> str:
        """What is said of shorter sessions to who wants them; empty for everybody else."""
        return self.dose.shorter if self.wants_shorter else ""


def dose_for(catalogue: Catalogue, facts: Facts) -> SuggestedDose:
    """Choose the dose for `facts`: the first that fits, else the plan for everybody."""
    said = [dose for dose in catalogue.doses if dose.say]
    dose = next(one for one in said if one.when is None or holds(one.when, facts))
    shorter = (
        dose.minutes is not None and facts.minutes is not None and facts.minutes < dose.minutes
    )
    return SuggestedDose(
        dose=dose,
        wants_shorter=shorter,
        claims=tuple(catalogue.claim(name) for name in dose.claims),
    )


def said_beforehand(catalogue: Catalogue) -> tuple[StopRule, ...]:
    """Give the rules for reviewing, stopping or referring that a client hears beforehand."""
    return tuple(rule for rule in catalogue.stop_rules if rule.say)
