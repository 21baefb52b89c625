"""What was found as the cards of the progress page, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from unknot.domain.outcomes.findings import (
    HIGHER_IS_BETTER,
    OF_THE_BODY,
    Better,
    Estimate,
    Link,
    Outcome,
    Verdict,
)
from unknot.domain.outcomes.sentences import Language
from unknot.domain.outcomes.wording import Said, language_of, outcome_name, say, technique_name
from unknot.journey.follow.reads.aims import Aim
from unknot.journey.follow.reads.findings import Earlier, Stored
from unknot.web.charts.range_bar import Texts, range_bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One finding: what it is about, its words, and the range as a picture where there is one."""

    outcome: Outcome
    name: str
    css: str
    said: Said
    bar: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Everything that is said: the main outcome first, then what else was noticed."""

    main: Card | None
    also: tuple[Card, ...]
    better: Card | None
    techniques: tuple[Card, ...]
    link: Said | None = None


def cards(stored: Stored | None, aim: Aim, *, with_mind: bool = True) -> Cards:
    """Say what is stored; without `with_mind` nothing of the mind is said."""
    if stored is None:
        return Cards(main=None, also=(), better=None, techniques=())
    language = language_of(get_language())
    shown = [one for one in stored.found.verdicts if with_mind or one.outcome in OF_THE_BODY]
    whole = [_verdict(one, language, aim) for one in shown if one.technique is None]
    return Cards(
        main=next((card for card in whole if card.outcome == aim.outcome), None),
        also=tuple(card for card in whole if card.outcome != aim.outcome),
        better=next(
            (
                _better(one, language)
                for one in stored.found.better
                if one.outcome == aim.outcome and (with_mind or one.outcome in OF_THE_BODY)
            ),
            None,
        ),
        techniques=tuple(_techniques(shown, language, aim)),
        link=_link(stored.found.link, language) if with_mind else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidBefore:
    """One earlier sentence, when it was said and what it rested on."""

    made_at: datetime
    sentence: str
    check_ins: int
    sessions: int
    model_version: str


def earlier(rows: Sequence[Earlier], language: Language) -> tuple[SaidBefore, ...]:
    """Say again what was said of the main outcome of that time."""
    return tuple(
        SaidBefore(
            made_at=row.made_at,
            sentence=say(one, language).sentence,
            check_ins=row.check_ins,
            sessions=row.sessions,
            model_version=row.model_version,
        )
        for row in rows
        for one in row.verdicts
        if one.main and one.technique is None
    )


def _link(found: Link | None, language: Language) -> Said | None:
    return None if found is None else say(found, language)


def _techniques(shown: list[Verdict], language: Language, aim: Aim) -> Iterator[Card]:
    for one in shown:
        if one.technique is not None and one.outcome == aim.outcome:
            yield _verdict(one, language, aim)


def _verdict(one: Verdict, language: Language, aim: Aim) -> Card:
    said = say(one, language, worth=aim.worth)
    name = technique_name(one.technique, language) if one.technique else ""
    return Card(
        outcome=one.outcome,
        name=name or outcome_name(one.outcome, language),
        css=_css(one.outcome),
        said=said,
        bar=_bar(one.effect, one.outcome, said.sentence, (_("worse after"), _("better after"))),
    )


def _better(one: Better, language: Language) -> Card:
    said = say(one, language)
    return Card(
        outcome=one.outcome,
        name=outcome_name(one.outcome, language),
        css=_css(one.outcome),
        said=said,
        bar=_bar(one.change, one.outcome, said.sentence, (_("worse than then"), _("better"))),
    )


def _bar(
    estimate: Estimate | None, outcome: Outcome, label: str, ends: tuple[str, str]
) -> SafeString:
    """Draw a range; points for the better go to the right, whichever way the outcome counts."""
    if estimate is None:
        return mark_safe("")
    mean, low, high = estimate.mean, estimate.low, estimate.high
    if outcome not in HIGHER_IS_BETTER:
        mean, low, high = -mean, -high, -low
    texts = Texts(label=label, worse=ends[0], nothing=_("no change"), better=ends[1])
    return mark_safe(  # noqa: S308  # range_bar escapes every word it is given
        range_bar(mean, low, high, texts=texts, css=_css(outcome))
    )


def _css(outcome: Outcome) -> str:
    return "body" if outcome in OF_THE_BODY else "mind"
