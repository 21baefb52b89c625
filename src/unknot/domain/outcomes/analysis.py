"""Everything that may be said about one person, from their check-ins and sessions.

Pure and without a clock: the worker, `./unknot fit` and `./unknot follow` call the same function,
and it can be sent to another process whole.

Units   as findings.py; instants aware, days of the person's own zone.
Errors  BadObservation for a rating or a session that cannot be right.
Source  reference note on statistics, 2, 4 and 11
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from unknot.domain.outcomes import effects, gates, verdicts
from unknot.domain.outcomes.course import Course
from unknot.domain.outcomes.findings import (
    OUTCOMES,
    Better,
    Estimate,
    Outcome,
    PersonFindings,
    Strand,
    Verdict,
)
from unknot.domain.outcomes.likelihood import Ratings, beliefs
from unknot.domain.outcomes.link import link
from unknot.domain.outcomes.model import Model, Prior
from unknot.domain.outcomes.observations import Rated, level_back, ratings, turned_back
from unknot.domain.outcomes.posterior import Posterior, posterior
from unknot.domain.outcomes.series import CheckIn
from unknot.domain.outcomes.verdicts import Measured


def analyse(course: Course, model: Model) -> PersonFindings:
    """Judge every outcome that was rated at least once, with all massage and by technique."""
    judged: list[Verdict] = []
    moved: list[Better] = []
    lines: list[Strand] = []
    for outcome in OUTCOMES:
        one = _OneOutcome(course, outcome, model)
        judged += one.verdicts()
        moved.append(one.better())
        if one.data is not None:
            lines.append(one.strand())
    return PersonFindings(
        verdicts=tuple(judged),
        better=tuple(moved),
        strands=tuple(lines),
        link=link(course.check_ins, course.sessions, model),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What the model makes of one outcome: posterior means, with a 95 % range where it matters.

    `phi` is the share of a deviation that is left a day later, `rho` the share of the variance that
    is state and not error, `sd` in points, `half_life` in days, `trend` in points per 28 days.
    """

    outcome: Outcome
    check_ins: int
    sessions: int
    effective_draws: float
    log_evidence: float
    phi: float
    rho: float
    sd: float
    half_life: float
    half_life_range: tuple[float, float]
    level: float
    trend: float
    trend_range: tuple[float, float]


def parameters(course: Course, model: Model) -> tuple[Parameters, ...]:
    """The fitted numbers of every outcome that was rated, for who wants to check them."""
    fits = (_OneOutcome(course, outcome, model) for outcome in OUTCOMES)
    return tuple(one.parameters(one.data) for one in fits if one.data is not None)


def rated(check_ins: Sequence[CheckIn], outcome: Outcome) -> tuple[Rated, ...]:
    """One outcome's ratings, in order of time."""
    found = [(one.at, getattr(one, outcome)) for one in check_ins]
    rows = [Rated(at=at, value=value) for at, value in found if value is not None]
    return tuple(sorted(rows, key=lambda one: one.at.timestamp()))


class _OneOutcome:
    """One outcome of one course, fitted when a gate first asks for it."""

    def __init__(self, course: Course, outcome: Outcome, model: Model) -> None:
        self.course, self.outcome, self.model = course, outcome, model
        self.rated = rated(course.check_ins, outcome)
        self.at = [one.at for one in self.rated]
        self.data = self._ratings(None)
        self.found: Posterior | None = None

    def verdicts(self) -> list[Verdict]:
        rule, sessions = self.model.gate, self.course.sessions
        passed = gates.helps(self.at, sessions, rule)
        measured = None
        if self.data is not None and all(gate.is_open for gate in passed):
            found = self._posterior(self.data)
            others = self._with_others(self.data)
            measured = Measured(self._estimate(found), found.effective_draws, others)
        overall = verdicts.verdict(
            self.outcome,
            gates=passed,
            measured=measured,
            rule=self.model.rule,
            main=self.outcome == self.course.main,
            claimed=(self.outcome, "") in self.course.claimed,
        )
        return [overall, *self._by_technique()]

    def better(self) -> Better:
        passed = gates.better(self.at, self.model.gate)
        if self.data is None or not all(gate.is_open for gate in passed):
            return verdicts.better(
                self.outcome, gates=passed, change=None, points=(0, 0), rule=self.model.rule
            )
        change = effects.level_change(self._posterior(self.data), self.data)
        point = self.model.rule.better_points
        return verdicts.better(
            self.outcome,
            gates=passed,
            change=effects.estimate(change, self.outcome, worth_points=point),
            points=(change.below(-point), 1.0 - change.below(point)),
            rule=self.model.rule,
        )

    def strand(self) -> Strand:
        if self.data is None or not gates.chart(self.at, self.model.gate).is_open:
            return Strand(outcome=self.outcome, levels=(), start=None)
        found, zone = self._posterior(self.data), self.course.zone
        levels = effects.strand(
            found, self.data, self.outcome, first=self.at[0], days=self._days(), zone=zone
        )
        start = effects.start_level(found, self.data, self.outcome)
        return Strand(outcome=self.outcome, levels=levels, start=round(start, 2))

    def parameters(self, data: Ratings) -> Parameters:
        found = self._posterior(data)
        level, trend = effects.linear(found, 0), effects.linear(found, 1)
        ends = sorted(turned_back(trend.quantile(p), self.outcome) for p in (0.025, 0.975))
        phi, rho, sd, half_life = (effects.numerical(found, i) for i in range(4))
        return Parameters(
            outcome=self.outcome,
            check_ins=data.t.size,
            sessions=data.session_t.size,
            effective_draws=found.effective_draws,
            log_evidence=found.log_evidence,
            phi=phi.mean,
            rho=rho.mean,
            sd=sd.mean,
            half_life=half_life.mean,
            half_life_range=(half_life.low, half_life.high),
            level=level_back(level.expectation, self.outcome),
            trend=turned_back(trend.expectation, self.outcome),
            trend_range=(ends[0], ends[1]),
        )

    def _by_technique(self) -> list[Verdict]:
        """A verdict for each technique once there are two, fitted together."""
        names = sorted({one.technique for one in self.course.sessions})
        if len(names) < 2:
            return []
        passed = {
            name: gates.technique(self.at, self.course.sessions, name, self.model.gate)
            for name in names
        }
        is_open = any(all(gate.is_open for gate in some) for some in passed.values())
        data = self._ratings(names) if is_open else None
        found = self._fit(data) if data is not None else None
        return [
            verdicts.verdict(
                self.outcome,
                gates=passed[name],
                measured=self._measured(found, kind),
                rule=self.model.rule,
                technique=name,
                claimed=(self.outcome, name) in self.course.claimed,
            )
            for kind, name in enumerate(names)
        ]

    def _measured(self, found: Posterior | None, kind: int) -> Measured | None:
        if found is None:
            return None
        return Measured(self._estimate(found, kind), found.effective_draws)

    def _with_others(self, data: Ratings) -> Estimate | None:
        """The same ratings with what others report as prior; an estimate beside, never a claim."""
        known = self.course.others.get(self.outcome)
        if known is None:
            return None
        prior = self.model.prior.effect.model_copy(update={"mean": known.mean, "sd": known.sd})
        return self._estimate(self._fit(data, prior))

    def _posterior(self, data: Ratings) -> Posterior:
        if self.found is None:
            self.found = self._fit(data)
        return self.found

    def _fit(self, data: Ratings, effect: Prior | None = None) -> Posterior:
        believed = beliefs(self.model.prior, data.kinds, effect)
        return posterior(data, believed, draws=self.model.draws)

    def _estimate(self, found: Posterior, kind: int = 0) -> Estimate:
        mixture = effects.effect(found, horizon_days=self.model.horizon_days, kind=kind)
        worth = self.course.worth_points or self.model.rule.worth_points
        return effects.estimate(mixture, self.outcome, worth_points=worth)

    def _ratings(self, techniques: list[str] | None) -> Ratings | None:
        return ratings(
            self.rated,
            self.course.sessions,
            self.outcome,
            window_days=self.model.window_days,
            techniques=techniques,
        )

    def _days(self) -> list[date]:
        """Every day of the window from the first rating to the last."""
        zone, last = self.course.zone, self.at[-1]
        begin = max(self.at[0], last - timedelta(days=self.model.window_days))
        first, final = begin.astimezone(zone).date(), last.astimezone(zone).date()
        return [first + timedelta(days=i) for i in range((final - first).days + 1)]
