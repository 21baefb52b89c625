"""What was found as JSON: verdicts with their words, gates, parameters and the model's version."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from unknot.domain.outcomes.analysis import Parameters
from unknot.domain.outcomes.findings import Better, PersonFindings, Verdict
from unknot.domain.outcomes.model import Model
from unknot.domain.outcomes.sentences import Language
from unknot.domain.outcomes.wording import Said, say

VERDICT, BETTER, SAID = TypeAdapter(Verdict), TypeAdapter(Better), TypeAdapter(Said)
PARAMETERS = TypeAdapter(Sequence[Parameters])


def findings_json(
    found: PersonFindings, fitted: Sequence[Parameters], model: Model, *, language: Language
) -> dict[str, Any]:
    """Lay out findings and what they rest on; every number in points of its own scale."""
    return {
        "model": model.version,
        "verdicts": [
            VERDICT.dump_python(one, mode="json") | {"said": _said(one, language)}
            for one in found.verdicts
        ],
        "better": [
            BETTER.dump_python(one, mode="json") | {"said": _said(one, language)}
            for one in found.better
        ],
        "parameters": PARAMETERS.dump_python(fitted, mode="json"),
    }


def _said(finding: object, language: Language) -> Any:
    return SAID.dump_python(say(finding, language), mode="json")
