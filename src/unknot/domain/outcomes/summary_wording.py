"""Say a finding in words: the only place where its sentences are written.

Units   scores with one decimal; dates as "26 November 2026".
Errors  KeyError: a finding names a text that does not exist; tests go through all of them.
Source  the voice table of the design and the statistics note: a result that may be chance is
        "we cannot tell yet", and a change is never called a cause.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from unknot.domain.outcomes.summary import Finding, Param


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


WORDS: Mapping[str, str] = {
    "cannot_tell": gettext_noop("We cannot tell yet"),
    "lower": gettext_noop("Lower than at the start"),
    "higher": gettext_noop("Higher than at the start"),
}

SENTENCES: Mapping[str, str] = {
    "no_score": gettext_noop("We cannot tell yet: there are no answers to compare."),
    "only_one_score": gettext_noop("We cannot tell yet: there is only one score so far."),
    "too_few_readings": gettext_noop(
        "We cannot tell yet: %(readings)s of the %(readings_needed)s weekly readings "
        "we need are in."
    ),
    "within_error": gettext_noop(
        "We cannot tell yet: your pain score went from %(earlier)s to %(later)s, "
        "and the questionnaire is not that exact."
    ),
    "lower": gettext_noop(
        "Your pain score is lower than when you started, by more than the questionnaire's "
        "measurement error: %(earlier)s to %(later)s."
    ),
    "higher": gettext_noop(
        "Your pain score is higher than when you started, by more than the questionnaire's "
        "measurement error: %(earlier)s to %(later)s."
    ),
}

DETAILS: Mapping[str, str] = {
    "scores": gettext_noop(
        "Your pain score was %(earlier)s on %(earlier_on)s and %(later)s on %(later_on)s, "
        "on a scale from 0 to 10."
    ),
    "scores_dates": gettext_noop(
        "We compared %(earlier_on)s with %(later_on)s, on a scale from 0 to 10. A change of up "
        "to %(sdc)s points can be measurement error alone."
    ),
    "early_change": gettext_noop("A change this early could be chance or natural recovery."),
    "within_error": gettext_noop(
        "A change of up to %(sdc)s points can be measurement error alone."
    ),
    "important": gettext_noop(
        "Studies put the smallest change that matters to people at about %(mic)s. "
        "That is hard to see with two sets of answers."
    ),
    "below_important": gettext_noop(
        "It is less than %(mic)s, which studies take as the smallest change that matters."
    ),
    "not_cause_lower": gettext_noop(
        "Change is not cause. Pain often eases by itself, and people often start when it is worst."
    ),
    "not_cause_higher": gettext_noop(
        "Change is not cause. This does not show that sessions made it worse."
    ),
    "source": gettext_noop("Source of these limits: %(source)s"),
}

HELPS: Mapping[str, str] = {
    "help_answer_first": gettext_noop("Answer the pain questions in a check-in to begin."),
    "help_answer_again": gettext_noop("Answer the same pain questions again in a week."),
    "help_readings": gettext_noop("%(readings_more)s more weekly readings would help us tell."),
    "help_one_reading": gettext_noop("One more weekly reading would help us tell."),
    "help_keep_answering": gettext_noop("More weekly answers will show whether the change lasts."),
    "help_cause": gettext_noop(
        "Check-ins in the days before and after each session would help us tell what sessions add."
    ),
    "help_tell_therapist": gettext_noop("Please tell your therapist before your next session."),
    "help_daily": gettext_noop(
        "A daily check-in shows your usual ups and downs. You have %(days)s of 7 for a first look."
    ),
}

#: What dots, line and band of the day-by-day chart mean; stands beside the chart.
CHART_CAPTION = gettext_noop(
    "Dots are your ratings. The line is the mean of your ratings in the last 7 days. The tinted "
    "band reaches from the lowest to the highest of them. Days without a rating stay empty."
)

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A finding in words, in the parts a page shows."""

    word: str
    sentence: str
    detail: tuple[str, ...]
    what_would_help: tuple[str, ...]
    known: bool


def english_date(day: date) -> str:
    """Return "26 November 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def one_decimal(number: float) -> str:
    """Return the number with one decimal and a point."""
    return f"{number:.1f}"


def parts(
    finding: Finding,
    *,
    translate: Callable[[str], str] = gettext_noop,
    dates: Callable[[date], str] = english_date,
    numbers: Callable[[float], str] = one_decimal,
) -> Said:
    """Say `finding` in parts; a page passes its own language for text, dates and numbers."""
    values = {key: _shown(value, dates, numbers) for key, value in finding.params.items()}
    return Said(
        word=translate(WORDS[finding.word]),
        sentence=translate(SENTENCES[finding.sentence]) % values,
        detail=tuple(translate(DETAILS[part]) % values for part in finding.detail),
        what_would_help=tuple(translate(HELPS[part]) % values for part in finding.what_would_help),
        known=finding.known,
    )


def say(finding: Finding) -> str:
    """Say `finding` in English, as one paragraph."""
    said = parts(finding)
    return " ".join((said.sentence, *said.detail, *said.what_would_help))


def _shown(value: Param, dates: Callable[[date], str], numbers: Callable[[float], str]) -> str:
    match value:
        case date():
            return dates(value)
        case float():
            return numbers(value)
        case _:
            return str(value)
