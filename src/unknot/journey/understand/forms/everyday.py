"""How much it gets in the way: the grade of pain, one's own activities, the lower back today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.plan import Plan
from unknot.journey.understand.forms.questionnaires import (
    Points,
    Questionnaire,
    QuestionnaireForm,
    check_version,
    filled,
    origin,
)
from unknot.web.forms import ScaleField

ACTIVITIES = ("1", "2", "3")
LONGEST = 80
#: How many sentences stand together, so that a long list has an end in sight.
TOGETHER = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """One activity with how hard it is; a folded one waits until somebody wants it."""

    activity: forms.BoundField
    hard: forms.BoundField
    folded: bool
    title: Any


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
            self._ask(number, named)

    def _ask(self, number: str, named: Mapping[str, str]) -> None:
        item = self.measure.find_item(f"act_{number}")
        assert item is not None  # noqa: S101  # the file has three
        known = f"activity_{number}" in named
        self.fields[f"activity_{number}"] = forms.CharField(
            label=_("Activity %s") % number,
            max_length=LONGEST,
            required=False,
            error_messages={
                "max_length": _("Write at most %s letters.") % LONGEST,
                "null_characters_not_allowed": _(
                    "This holds a character that cannot be kept. Type it again."
                ),
            },
        )
        self.fields[f"hard_{number}"] = ScaleField(
            label=filled(item.text, named) if known else _("How hard is it to do this today?"),
            low=item.anchors.get("0", ""),
            high=item.anchors.get("10", ""),
            required=False,
        )

    def activity_rows(self) -> list[ActivityRow]:
        """Each activity with how hard it is; the first is open, and what has something in it."""
        titles = {"2": _("Add a second activity"), "3": _("Add a third activity")}
        rows = []
        for n in ACTIVITIES:
            activity, hard = self[f"activity_{n}"], self[f"hard_{n}"]
            empty = not any((activity.value(), hard.value(), activity.errors, hard.errors))
            folded = n in titles and empty
            title = titles.get(n, "")
            rows.append(ActivityRow(activity=activity, hard=hard, folded=folded, title=title))
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in ACTIVITIES:
            rated = cleaned.get(f"hard_{number}") is not None
            if rated and cleaned.get(f"activity_{number}") == "":
                self.add_error(f"activity_{number}", _("Name the activity that you rated."))
        return cleaned

    def activities(self) -> list[str]:
        """The activities named, in their order."""
        return [name for _number, name in self._named()]

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item; a rating follows its activity."""
        rated = {
            f"act_{place}": self.cleaned_data.get(f"hard_{number}")
            for place, (number, _name) in enumerate(self._named(), 1)
        }
        return {**super().points(), self.measure.id: rated}

    def _named(self) -> Iterator[tuple[str, str]]:
        for number in ACTIVITIES:
            if name := self.cleaned_data[f"activity_{number}"]:
                yield number, name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """Some sentences in a row, and which of all they are."""

    first: int
    last: int
    boxes: tuple[Any, ...]


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
        before = (points or {}).get(self.instrument.id, {})
        ticked = [name for name, value in before.items() if value]
        super().__init__(data, initial={"sentences": ticked})
        self.origin = origin(self.instrument)
        self.was_sent = len(before) == len(self.instrument.items)
        field = self.fields["sentences"]
        field.choices = [(item.id, item.text) for item in self.instrument.items]  # type: ignore[attr-defined]
        self.fields[f"version-{self.instrument.id}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=str(self.instrument.version)
        )

    def groups(self) -> list[Sentences]:
        """The sentences, a few together."""
        boxes = tuple(self["sentences"].subwidgets)
        return [
            Sentences(first=start + 1, last=start + len(some), boxes=some)
            for start in range(0, len(boxes), TOGETHER)
            if (some := boxes[start : start + TOGETHER])
        ]

    def clean(self) -> dict[str, Any]:
        check_version(self, self.instrument)
        return super().clean() or {}

    def points(self, *, sent: bool) -> dict[str, dict[str, int | None]]:
        """1 for each ticked sentence, and 0 for the others once the page was `sent`.

        Somebody who leaves in the middle keeps the ticks; they count when the page is sent.
        """
        ticked = set(self.cleaned_data["sentences"])
        rest = 0 if sent or self.was_sent else None
        found = {item.id: 1 if item.id in ticked else rest for item in self.instrument.items}
        return {self.instrument.id: found}
