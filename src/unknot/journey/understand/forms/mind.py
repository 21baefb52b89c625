"""How the mind is: the short questions, and the longer ones they call for."""

from typing import Any

from unknot.domain.instruments.catalogue import Catalogue, load
from unknot.domain.instruments.plan import Plan
from unknot.journey.understand.forms.questionnaires import Points, Questionnaire, QuestionnaireForm

SHORT = ("stress_nrs", "sleep_nrs", "elo_stress", "phq4")
LONGER = ("phq8", "gad7")


class MindForm(QuestionnaireForm):
    """Stress, sleep, mood and worry, and what the practice asks under its own licence."""

    def __init__(
        self, data: Any = None, *, plan: Plan, known: Catalogue, points: Points | None = None
    ) -> None:
        own = [name for name in known.scoring_only if name in known.instruments]
        asked = [
            Questionnaire(instrument=known.instrument(name), items=items, strand="mind")
            for name in SHORT
            if (items := plan.items(name))
        ]
        asked += [
            Questionnaire(
                instrument=known.instrument(name),
                items=[item.id for item in known.instrument(name).items],
                strand="mind",
            )
            for name in own
        ]
        super().__init__(data, asked=asked, points=points)


class MoreForm(QuestionnaireForm):
    """PHQ-8 and GAD-7, without what PHQ-4 has asked already."""

    def __init__(self, data: Any = None, *, plan: Plan, points: Points | None = None) -> None:
        asked = [
            Questionnaire(instrument=load().instrument(name), items=items, strand="mind")
            for name in LONGER
            if (items := plan.items(name))
        ]
        super().__init__(data, asked=asked, points=points)
