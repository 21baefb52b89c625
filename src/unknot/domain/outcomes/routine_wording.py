"""Say a suggestion about the routine in words: the only place where its sentences are written.

Units   weeks and sessions as whole numbers.
Errors  KeyError: a step or reason without words; tests go through all of them.
Source  knowledge/techniques/dosing.toml and stop_rules.toml; the voice table of the design.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unknot.domain.outcomes.routine import Known, ReasonId, Step, Suggestion
from unknot.domain.outcomes.summary_wording import gettext_noop

STEPS: Mapping[Step, str] = {
    "refer": gettext_noop("No massage for now: please follow the advice of your check-in first."),
    "same_day": gettext_noop("Please speak with the practice or a doctor today."),
    "clinician": gettext_noop("Please see a clinician about your arm or leg."),
    "recovered": gettext_noop("You can stop; come back when you want."),
    "other_care": gettext_noop("Other care may do more for you than more massage."),
    "review": gettext_noop("It is time to look at the plan again, together with your therapist."),
    "end": gettext_noop("You can stop: you have been better for weeks, with sessions far apart."),
    "taper": gettext_noop("You can come less often now."),
    "carry_on": gettext_noop("Keep the rhythm you have for now."),
    "first_plan": gettext_noop("One hour a week for four weeks, then decide."),
    "decide": gettext_noop("The first weeks are over: decide whether to go on, pause or stop."),
}

#: The same said to the therapist, where "you" would be somebody else.
TO_THERAPIST: Mapping[Step, str] = {
    "refer": gettext_noop("No massage for now: a warning sign is open."),
    "same_day": gettext_noop("Please speak with this client today."),
    "clinician": gettext_noop("A clinician should look at the arm or leg."),
    "recovered": gettext_noop("This client can stop. Please do not ask for another booking."),
    "other_care": gettext_noop("Please suggest other care."),
    "review": gettext_noop("It is time to look at the plan again, together."),
    "end": gettext_noop("This client can stop: better for weeks, with sessions far apart."),
    "taper": gettext_noop("This client can come less often now."),
    "carry_on": gettext_noop("Keep the rhythm for now."),
    "first_plan": gettext_noop("One hour a week for four weeks, then decide."),
    "decide": gettext_noop("The first weeks are over: decide together."),
}

REASONS: Mapping[ReasonId, str] = {
    "red_flag": gettext_noop("An answer named a warning sign. That comes before all numbers."),
    "worse": gettext_noop(
        "A questionnaire got clearly worse: by enough to matter, and by more than answers vary "
        "by themselves."
    ),
    "limb": gettext_noop(
        "An arm or a leg is affected, and after six weeks of sessions it is not better."
    ),
    "unlikely": gettext_noop(
        "%(sessions)s sessions in %(weeks)s weeks: the chance of being at least one point better "
        "is below 2 in 10, and no questionnaire is reliably better."
    ),
    "tends_higher": gettext_noop(
        "Ratings have tended to be worse after sessions. Please talk about pressure and timing."
    ),
    "better_held": gettext_noop(
        "The gain has held for four weeks or longer. There is no evidence for endless sessions."
    ),
    "better_new": gettext_noop(
        "The answers are better than at the start. If that holds for four weeks, sessions can "
        "be further apart."
    ),
    "first_weeks": gettext_noop(
        "This is our own starting point, made from the lengths of the trials."
    ),
    "likely_helps": gettext_noop("So far: massage likely helps over the three days after it."),
    "early_sign": gettext_noop("So far: an early sign that it helps, not enough to rely on."),
    "cannot_tell": gettext_noop("So far: we cannot tell whether it helps."),
    "too_early": gettext_noop("So far: too early to say whether it helps."),
}

#: Stands beside every interval that is suggested.
INTERVAL = gettext_noop(
    "How long relief lasts cannot be known for one person. So the interval is a starting point, "
    "not a measured one."
)
BETWEEN = gettext_noop("Anything from every %(low)s to every %(high)s weeks may suit as well.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A suggestion in words: what to do, why, and how sure an interval is."""

    sentence: str
    reasons: tuple[str, ...]
    interval: tuple[str, ...]


def say(
    found: Suggestion,
    known: Known,
    *,
    to_therapist: bool = False,
    translate: Callable[[str], str] = gettext_noop,
) -> Said:
    """Say a suggestion to the person, or to their therapist; who has recovered reads one line."""
    words = TO_THERAPIST if to_therapist else STEPS
    values = {"sessions": known.sessions, "weeks": known.weeks}
    return Said(
        sentence=translate(words[found.step]),
        reasons=tuple(translate(REASONS[one]) % values for one in found.reasons),
        interval=tuple(_interval(found, translate)),
    )


def _interval(found: Suggestion, translate: Callable[[str], str]) -> list[str]:
    if found.every_weeks is None or found.between is None:
        return []
    low, high = found.between
    return [translate(INTERVAL), translate(BETWEEN) % {"low": low, "high": high}]
