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
    "improved": gettext_noop("Better than at the start"),
    "worse": gettext_noop("Worse than at the start"),
}

SENTENCES: Mapping[str, str] = {
    "no_score": gettext_noop("We cannot tell yet: there are no answers to compare."),
    "only_one_score": gettext_noop("We cannot tell yet: there is only one score so far."),
    "too_soon": gettext_noop(
        "We cannot tell yet: it is too soon. Before %(weeks_needed)s weeks have passed, we do not "
        "call a lower score better."
    ),
    "no_mic": gettext_noop(
        "We cannot tell: no study says which change of this questionnaire matters to people."
    ),
    "no_retest": gettext_noop(
        "We cannot tell: nobody has measured how far this questionnaire moves by itself in weeks."
    ),
    "no_norms": gettext_noop(
        "We cannot tell yet: your pain score went from %(earlier)s to %(later)s, and we do not "
        "know yet how far such scores fall by themselves."
    ),
    "too_small": gettext_noop(
        "We cannot tell yet: your pain score went from %(earlier)s to %(later)s. That is more "
        "than chance, and less than what usually matters to people."
    ),
    "within_noise": gettext_noop(
        "We cannot tell yet: your pain score went from %(earlier)s to %(later)s, "
        "and scores move that far by themselves."
    ),
    "improved": gettext_noop(
        "Your pain score is better than when you started, by more than scores move by themselves: "
        "%(earlier)s to %(later)s."
    ),
    "worse": gettext_noop(
        "Your pain score is worse than when you started, by more than scores move by themselves: "
        "%(earlier)s to %(later)s."
    ),
}

DETAILS: Mapping[str, str] = {
    "scores": gettext_noop(
        "Your pain score was %(earlier)s on %(earlier_on)s and %(later)s on %(later_on)s, "
        "on a scale from 0 to 10; lower is better."
    ),
    "scores_dates": gettext_noop(
        "We compared %(earlier_on)s with %(later_on)s, on a scale from 0 to 10; lower is better."
    ),
    "expected_about": gettext_noop(
        "Somebody who began like you and did not change would now score about %(expected)s: "
        "people come when it is worst. We know that from %(norms_clients)s clients."
    ),
    "expected_between": gettext_noop(
        "Somebody who began like you and did not change would now score %(expected_low)s to "
        "%(expected_high)s: people come when it is worst. "
        "We know that from %(norms_clients)s clients."
    ),
    "early_change": gettext_noop("A change this early could be chance or natural recovery."),
    "important": gettext_noop(
        "Studies put the smallest change that matters to people at about %(mic)s. "
        "That is hard to see with two sets of answers."
    ),
    "not_cause_lower": gettext_noop(
        "Change is not cause. Pain often eases by itself, and people often start when it is worst."
    ),
    "not_cause_higher": gettext_noop(
        "Change is not cause. This does not show that sessions made it worse."
    ),
    "source": gettext_noop("Source of the change that matters: %(source)s"),
}

HELPS: Mapping[str, str] = {
    "help_answer_first": gettext_noop("Answer the pain questions in a check-in to begin."),
    "help_answer_again": gettext_noop("Answer the same pain questions again in a week."),
    "help_weeks": gettext_noop(
        "Answers six to eight weeks after the first ones can be compared best."
    ),
    "help_others": gettext_noop(
        "We need later answers of %(norms_needed)s clients. There is nothing you have to do."
    ),
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
