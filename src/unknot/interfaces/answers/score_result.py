"""Write what an instrument's rule makes of one person's answers, ready for JSON."""

from collections.abc import Mapping

from unknot.domain.instruments.catalogue import Catalogue
from unknot.domain.instruments.scoring import Scorable, Score

Result = Mapping[str, object]


def score_result(
    catalogue: Catalogue, instrument: Scorable, score: Score, *, language: str | None
) -> Result:
    """Everything a reader needs beside the number: its range, its direction, and who is named."""
    scoring = instrument.scoring
    return {
        "instrument": instrument.id,
        "name": instrument.name,
        "version": score.version,
        "language": language,
        "value": score.value,
        "range": scoring.range,
        "direction": scoring.direction,
        "band": score.band,
        "subscales": dict(score.subscales),
        "missing": score.missing,
        "reason_not_scored": score.reason_not_scored,
        "branch": score.branch,
        "support": score.support,
        "attribution": attribution(catalogue, instrument),
    }


def attribution(catalogue: Catalogue, instrument: Scorable) -> str:
    """The holder's text to print beside the score; empty when none is asked for."""
    if instrument.id in catalogue.instruments:
        return catalogue.attribution(instrument.id)
    return instrument.licence.holder_text
