"""How much it gets in the way: the grade of pain, one's own activities, the lower back today."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.plan import Plan
from unknot.journey.understand.forms.questionnaires import Points, Questionnaire, QuestionnaireForm
from unknot.web.forms import ScaleField

ACTIVITIES = ("1", "2", "3")


class EverydayForm(QuestionnaireForm):
    """The chronic pain grade with PEG inside, and up to three activities in one's own words."""

    def __init__(
        self,
        data: Any = None,
        *,
        plan: Plan,
        activities: Sequence[str] = (),
        points: Points | None = None,
    ) -> None:
        grade = Questionnaire(
            instrument=instruments.load().instrument("gcps_r"),
            items=plan.items("gcps_r"),
            strand="body",
        )
        rated = (points or {}).get("activity3", {})
        named = {f"activity_{n}": text for n, text in zip(ACTIVITIES, activities, strict=False)}
        ratings = {f"hard_{n}": rated.get(f"act_{n}") for n in ACTIVITIES}
        super().__init__(data, asked=[grade], points=points, initial=named | ratings)
        self.measure = instruments.load().instrument("activity3")
        for number in ACTIVITIES:
            self._ask(number)

    def _ask(self, number: str) -> None:
        item = self.measure.find_item(f"act_{number}")
        assert item is not None  # noqa: S101  # the file has three
        self.fields[f"activity_{number}"] = forms.CharField(
            label=_("Activity %s") % number, max_length=80, required=False, strip=True
        )
        self.fields[f"hard_{number}"] = ScaleField(
            label=_("How hard is it today?"),
            low=item.anchors.get("0", ""),
            high=item.anchors.get("10", ""),
            required=False,
        )

    def activity_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each activity with how hard it is."""
        return [(self[f"activity_{n}"], self[f"hard_{n}"]) for n in ACTIVITIES]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in ACTIVITIES:
            if cleaned.get(f"hard_{number}") is not None and not cleaned.get(f"activity_{number}"):
                self.add_error(f"activity_{number}", _("Name the activity that you rated."))
        return cleaned

    def activities(self) -> list[str]:
        """The activities named, in their order."""
        return [
            name for n in ACTIVITIES if (name := self.cleaned_data.get(f"activity_{n}", "").strip())
        ]

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item; a rating follows its activity."""
        named = [n for n in ACTIVITIES if self.cleaned_data.get(f"activity_{n}", "").strip()]
        rated = {
            f"act_{place}": self.cleaned_data.get(f"hard_{n}") for place, n in enumerate(named, 1)
        }
        return {**super().points(), "activity3": rated}


class TodayForm(forms.Form):
    """Roland-Morris: an unticked sentence means no, so only sending the page answers it."""

    sentences = forms.MultipleChoiceField(
        label=_("Tick each sentence that describes you today."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose sentences from the list.")},
    )

    def __init__(self, data: Any = None, *, points: Points | None = None) -> None:
        self.instrument = instruments.load().instrument("rmdq24")
        before = (points or {}).get("rmdq24", {})
        ticked = [name for name, value in before.items() if value]
        super().__init__(data, initial={"sentences": ticked})
        field = self.fields["sentences"]
        field.choices = [(item.id, item.text) for item in self.instrument.items]  # type: ignore[attr-defined]

    def points(self) -> dict[str, dict[str, int | None]]:
        """1 for each ticked sentence, 0 for the others."""
        ticked = set(self.cleaned_data["sentences"])
        return {"rmdq24": {item.id: int(item.id in ticked) for item in self.instrument.items}}
