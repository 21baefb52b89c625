"""Score everything that was answered in one sitting.

Instruments share items: PEG stands inside the chronic pain grade, PHQ-4 begins PHQ-8 and GAD-7.
An item is asked once, kept under the instrument that asked it, and counts for each that has it.

Units   points of each instrument.
Errors  UnknownInstrument, RefusedInstrument; UnknownItem and AnswerOutOfRange of the scoring.
Source  `includes` and the item ids in knowledge/instruments
"""

from collections.abc import Mapping

from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.scoring import Scorable, Score, score

#: Answers in points, by instrument and item.
Points = Mapping[str, Mapping[str, int]]


def gather(instrument: Scorable, points: Points) -> dict[str, int]:
    """Collect the answers to the items of `instrument`, whichever instrument asked them.

    Its own answer comes first when two instruments asked the same item.
    """
    everywhere = {item: value for given in points.values() for item, value in given.items()}
    everywhere |= points.get(instrument.id, {})
    return {item.id: everywhere[item.id] for item in instrument.items if item.id in everywhere}


def score_all(catalogue: Catalogue, points: Points) -> dict[str, Score]:
    """Score each instrument that was answered, and those it includes; raises scoring's errors."""
    answered = [name for name, given in points.items() if given]
    whole = [catalogue.instruments[name] for name in answered if name in catalogue.instruments]
    included = [part for entry in whole for part in entry.includes]
    found = [catalogue.find(name) for name in dict.fromkeys((*answered, *included))]
    return {entry.id: score(entry, gather(entry, points)) for entry in found}
