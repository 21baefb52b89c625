"""What to do next about one person's sessions: go on, come less often, stop, or see somebody else.

A suggestion is one step with named reasons, never a score. Safety comes before every number,
getting worse before getting better, and who has recovered is not asked to come again.

Units   weeks, sessions, chances 0 to 1; a measure in its own points, higher is worse.
Errors  KnowledgeError: routine.toml breaks its schema.
Source  knowledge/outcomes/routine.toml; reference note on statistics, part 9
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from unknot.domain.knowledge import KNOWLEDGE, Entry, read
from unknot.domain.outcomes.findings import Better, State
from unknot.domain.screening.clauses import Sourced

Step = Literal[
    "refer",
    "same_day",
    "clinician",
    "recovered",
    "other_care",
    "review",
    "end",
    "taper",
    "carry_on",
    "first_plan",
    "decide",
]
ReasonId = Literal[
    "red_flag",
    "worse",
    "limb",
    "unlikely",
    "tends_higher",
    "better_held",
    "better_new",
    "first_weeks",
    "likely_helps",
    "early_sign",
    "cannot_tell",
    "too_early",
]
Change = Literal["improved", "worse", "not_clear", "not_known"]

#: Steps that send a person to somebody else, or to the practice at once.
REFERS: Final[frozenset[Step]] = frozenset({"refer", "same_day", "clinician", "other_care"})
#: Steps after which a page may offer to book.
BOOKS: Final[frozenset[Step]] = frozenset({"first_plan", "carry_on", "decide", "taper"})
#: How far each step is from going on as planned; a higher one never follows from better odds.
GRAVITY: Final[dict[Step, int]] = {
    "refer": 5,
    "same_day": 4,
    "clinician": 3,
    "other_care": 2,
    "review": 1,
    "recovered": 0,
    "end": 0,
    "taper": 0,
    "carry_on": 0,
    "first_plan": 0,
    "decide": 0,
}


class PlanRule(Sourced):
    """The plan everybody begins with."""

    minutes: int
    every_weeks: int
    weeks: int

    @property
    def sessions(self) -> int:
        """How many sessions that makes; as many are proposed for a series of any rhythm."""
        return self.weeks // self.every_weeks


class ReviewRule(Sourced):
    """When a plan without a gain is looked at, and when other care is suggested."""

    sessions: int
    weeks: int
    again_weeks: int
    probability_point_better_below: float


class LimbRule(Sourced):
    """When an arm or a leg that is not better belongs to a clinician, in weeks of sessions."""

    weeks: int


class TaperRule(Sourced):
    """How long a gain must hold, and the intervals that follow one another."""

    better_weeks: int
    every_weeks: tuple[int, ...]


class RecoveredRule(Sourced):
    """What counts as no pain: the mean of enough answers of the last days."""

    pain_at_most: float
    answers: int
    days: int


class Rules(Entry):
    """routine.toml"""

    plan: PlanRule
    review: ReviewRule
    limb: LimbRule
    taper: TaperRule
    recovered: RecoveredRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """How one questionnaire changed since the start, by the reliable and important rule."""

    instrument: str
    change: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One complaint at the start and now; at or below `recovered` it is gone. None: not known."""

    start: float | None
    now: float | None
    recovered: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about one person; whatever is left out is not known."""

    red_flag: bool = False
    questionnaires: tuple[Questionnaire, ...] = ()
    better: Better | None = None  # of the main outcome
    better_weeks: int = 0  # for how long the gain has held
    verdict: State | None = None  # of the main outcome, all massage
    measures: tuple[Measure, ...] = ()
    sessions: int = 0
    weeks: int = 0  # whole weeks since the first session
    every_weeks: int | None = None  # the rhythm they have
    limb: bool = False  # an arm or a leg is affected
    over_cut_off: bool = False  # PHQ-4 or GAD-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """The next step with its reasons; `support` is for the person alone and has no part in it.

    `between` are the intervals that may suit as well: nobody can say which of them is best.
    """

    step: Step
    reasons: tuple[ReasonId, ...]
    every_weeks: int | None = None
    between: tuple[int, int] | None = None
    support: bool = False

    @property
    def refers(self) -> bool:
        """Whether somebody else should look, or the practice at once."""
        return self.step in REFERS

    @property
    def books(self) -> bool:
        """Whether a page may offer to book; never after recovery, and never beside a referral."""
        return self.step in BOOKS


@cache
def load() -> Rules:
    """Give the rules shipped with Unknot, read once; raises KnowledgeError."""
    return read(KNOWLEDGE / "outcomes" / "routine.toml", Rules)


def suggest(known: Known) -> Suggestion:
    """Suggest the next step from what is known."""
    rules = load()
    step, reasons = _care(known, rules) or _course(known, rules)
    every = _interval(step, known.every_weeks, rules)
    return Suggestion(
        step=step,
        reasons=reasons,
        every_weeks=every,
        between=None if every is None else _between(every, rules),
        support=known.over_cut_off,
    )


def has_recovered(measures: tuple[Measure, ...]) -> bool:
    """Whether a complaint they began with is gone, and no other that is known is left."""
    known = [one for one in measures if one.now is not None]
    began = [one for one in known if one.start is not None and one.start > one.recovered]
    return bool(began) and all(one.now <= one.recovered for one in known if one.now is not None)


def is_better(known: Known) -> bool:
    """Whether the ratings or a questionnaire say so beyond ups and downs and error."""
    by_days = known.better is not None and known.better.state == "better"
    return by_days or any(one.change == "improved" for one in known.questionnaires)


_Found = tuple[Step, tuple[ReasonId, ...]]


def _care(known: Known, rules: Rules) -> _Found | None:
    """What comes before every other number: warning signs, and getting worse."""
    if known.red_flag:
        return "refer", ("red_flag",)
    if any(one.change == "worse" for one in known.questionnaires):
        return "same_day", ("worse",)
    if known.limb and known.weeks >= rules.limb.weeks and not is_better(known):
        return "clinician", ("limb",)
    return None


def _course(known: Known, rules: Rules) -> _Found:
    if has_recovered(known.measures):
        return "recovered", ()
    if _is_unlikely(known, rules):
        late = known.weeks >= rules.review.again_weeks
        return "other_care" if late else "review", ("unlikely",)
    if known.verdict == "tends_higher":
        return "review", ("tends_higher",)
    if is_better(known):
        return _when_better(known, rules)
    if known.weeks < rules.plan.weeks:
        return "first_plan", ("first_weeks",)
    return "decide", (_so_far(known.verdict),)


def _is_unlikely(known: Known, rules: Rules) -> bool:
    review, chance = rules.review, known.better.p_point if known.better is not None else None
    if known.sessions < review.sessions and known.weeks < review.weeks:
        return False
    if any(one.change == "improved" for one in known.questionnaires):
        return False
    return chance is not None and chance < review.probability_point_better_below


def _when_better(known: Known, rules: Rules) -> _Found:
    if known.better_weeks < rules.taper.better_weeks:
        return "carry_on", ("better_new",)
    last = known.every_weeks is not None and known.every_weeks >= rules.taper.every_weeks[-1]
    return "end" if last else "taper", ("better_held",)


def _so_far(verdict: State | None) -> ReasonId:
    match verdict:
        case "likely_helps" | "early_sign" | "cannot_tell":
            return verdict
        case _:
            return "too_early"


def _interval(step: Step, now: int | None, rules: Rules) -> int | None:
    match step:
        case "first_plan":
            return rules.plan.every_weeks
        case "carry_on" | "decide":
            return now or rules.plan.every_weeks
        case "taper":
            return next(one for one in rules.taper.every_weeks if one > (now or 1))
        case _:
            return None


def _between(every: int, rules: Rules) -> tuple[int, int]:
    """The steps of the ladder beside an interval."""
    ladder = rules.taper.every_weeks
    low = max((one for one in ladder if one < every), default=every)
    high = min((one for one in ladder if one > every), default=every)
    return low, high
