"""Score everything that was answered in one sitting.

Instruments share items: PEG stands inside the chronic pain grade, PHQ-4 begins PHQ-8 and GAD-7.
An item is asked once, kept under the instrument that asked it, and counts for each that has it.
A list of sentences to tick means "no" by an empty box, so it counts only when it was sent whole.

Units   points of each instrument.
Errors  UnknownInstrument, RefusedInstrument; UnknownItem and AnswerOutOfRange of the scoring.
Source  `includes` and the item ids in knowledge/instruments
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.scoring import Scorable, Score, score

#: Answers in points, by instrument and item.
Points = Mapping[str, Mapping[str, int]]

_NOT_SENT = "Not scored, because the page with these sentences was not sent."


def gather(instrument: Scorable, points: Points) -> dict[str, int]:
    """Collect the answers to the items of `instrument`, whichever instrument asked them.

    Its own answer comes first when two instruments asked the same item.
    """
    everywhere = {item: value for given in points.values() for item, value in given.items()}
    everywhere |= points.get(instrument.id, {})
    return {item.id: everywhere[item.id] for item in instrument.items if item.id in everywhere}


def score_all(catalogue: Catalogue, points: Points, asked: Iterable[str] = ()) -> dict[str, Score]:
    """Score each instrument that was asked or answered, and those it includes.

    One that was asked and left out has no score and says so; raises scoring's errors.
    """
    answered = [*asked, *(name for name, given in points.items() if given)]
    whole = [catalogue.instruments[name] for name in answered if name in catalogue.instruments]
    included = [part for entry in whole for part in entry.includes]
    found = [catalogue.find(name) for name in dict.fromkeys((*answered, *included))]
    return {entry.id: _scored(entry, gather(entry, points)) for entry in found}


def _scored(entry: Scorable, given: Mapping[str, int]) -> Score:
    result = score(entry, given)
    if entry.scoring.missing_counts_as is not None and result.missing:
        return replace(result, value=None, band="", reason_not_scored=_NOT_SENT)
    return result
