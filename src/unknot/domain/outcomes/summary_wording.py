"""Say what the pain questionnaire showed, in English or German.

Units   scores with one decimal; dates as "26 November 2026".
Errors  KeyError: a finding names a text that does not exist; tests go through all of them.
Source  knowledge/outcomes/sentences.toml. A result that may be chance is "we cannot tell yet", and
        a change is never called a cause.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from unknot.domain.outcomes.sentences import Language, Text, load
from unknot.domain.outcomes.summary import Finding, Param


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


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
    language: Language = "en",
    dates: Callable[[date], str] = english_date,
    numbers: Callable[[float], str] = one_decimal,
) -> Said:
    """Say `finding` in parts; a page passes how its language writes dates and numbers."""
    values = {key: _shown(value, dates, numbers) for key, value in finding.params.items()}
    texts = load()

    def said(text: Text) -> str:
        return (text.de if language == "de" else text.en) % values

    return Said(
        word=said(texts.questionnaire_word[finding.word]),
        sentence=said(texts.questionnaire[finding.sentence]),
        detail=tuple(said(texts.questionnaire_detail[part]) for part in finding.detail),
        what_would_help=tuple(
            said(texts.questionnaire_help[part]) for part in finding.what_would_help
        ),
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
