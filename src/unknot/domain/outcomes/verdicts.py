"""From an estimate to what may be said of it; the claim rules stand here and nowhere else.

People look every week, so "likely helps" needs a chance of 0.99: at 0.975 one unchanged person in
ten or so would be told a falsehood within half a year. Only the main outcome is claimed at that
chance; the others are five more chances to be wrong and need 0.998.

Units   chances and points as in findings.Estimate.
Errors  none.
Source  knowledge/outcomes/model.toml, [rule]; docs/reference/calibration.md shows what it costs
"""

from typing import NamedTuple

from unknot.domain.outcomes.findings import (
    Better,
    BetterState,
    Estimate,
    Gate,
    Outcome,
    State,
    Verdict,
)
from unknot.domain.outcomes.model import Rule


class Measured(NamedTuple):
    """One effect from the person's own ratings, and what it rests on.

    `effective_draws` is how many draws the sample is worth; `with_others` leans on other clients.
    """

    effect: Estimate
    effective_draws: float
    with_others: Estimate | None = None


def verdict(
    outcome: Outcome,
    *,
    gates: tuple[Gate, ...],
    measured: Measured | None,
    rule: Rule,
    technique: str | None = None,
    main: bool = False,
    claimed: bool = False,
) -> Verdict:
    """Judge one effect; `claimed` says that "likely helps" was said the last time."""
    if measured is None or not all(gate.is_open for gate in gates):
        return Verdict(
            outcome=outcome,
            technique=technique,
            state="too_early",
            effect=None,
            gates=gates,
            main=main,
        )
    effect = measured.effect
    identified = measured.effective_draws >= rule.min_effective_draws
    needed = rule.likely if main and technique is None else rule.also_likely
    is_new = effect.p_better >= needed and identified
    kept = claimed and not is_new and effect.p_better >= rule.keep
    return Verdict(
        outcome=outcome,
        technique=technique,
        state="likely_helps" if is_new or kept else _below(effect, rule, identified=identified),
        effect=effect,
        gates=gates,
        main=main,
        kept=kept,
        identified=identified,
        with_others=measured.with_others,
    )


def better(
    outcome: Outcome,
    *,
    gates: tuple[Gate, ...],
    change: Estimate | None,
    points: tuple[float, float],
    rule: Rule,
) -> Better:
    """Judge the change of the level; `points`: the chances of a point better and a point worse."""
    if change is None or not all(gate.is_open for gate in gates):
        return Better(outcome=outcome, state="too_early", change=None, p_point=None, gates=gates)
    state: BetterState = "cannot_tell"
    if points[0] >= rule.better:
        state = "better"
    elif points[1] >= rule.better:
        state = "worse"
    return Better(outcome=outcome, state=state, change=change, p_point=points[0], gates=gates)


def _below(effect: Estimate, rule: Rule, *, identified: bool) -> State:
    if not identified:
        return "cannot_tell"
    if 1.0 - effect.p_better >= rule.harm:
        return "tends_higher"
    return "early_sign" if effect.p_better >= rule.early_sign else "cannot_tell"
