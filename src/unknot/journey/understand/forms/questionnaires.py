"""Questions of instruments, word for word, each with its answers and who wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Instrument, Item
from unknot.web.forms import Choice, ScaleField

Points = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """One instrument on a page: which items are asked, and the strand they are drawn in."""

    instrument: Instrument
    items: Sequence[str]
    strand: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One questionnaire as the page shows it."""

    id: str
    stem: str
    attribution: str
    fields: tuple[forms.BoundField, ...]


class QuestionnaireForm(forms.Form):
    """Some questionnaires, of which nothing has to be answered.

    A field is called `<instrument>-<item>`. The version that was on the page comes back with the
    answers, so that no answer is kept for a question that reads differently now.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        asked: Iterable[Questionnaire] = (),
        points: Points | None = None,
        words: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        given = {
            f"{name}-{item}": value
            for name, items in (points or {}).items()
            for item, value in items.items()
        }
        super().__init__(data, initial=given | kwargs.pop("initial", {}), **kwargs)
        self.asked = tuple(asked)
        for one in self.asked:
            self.fields[f"version-{one.instrument.id}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=str(one.instrument.version)
            )
            for name in one.items:
                item = one.instrument.find_item(name)
                if item is None:
                    raise KeyError(f"{one.instrument.id} has no item {name}")
                self.fields[f"{one.instrument.id}-{name}"] = _field(item, one.strand, words or {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for one in self.asked:
            shown = cleaned.get(f"version-{one.instrument.id}")
            if shown and shown != str(one.instrument.version):
                self.add_error(
                    None,
                    _("These questions have changed since you opened the page. Read them again."),
                )
        for name in self.fields:
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                self.add_error(name, _("There are two answers to this question. Choose one."))
        return cleaned

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item; None where nothing was chosen."""
        return {
            one.instrument.id: {
                item: self.cleaned_data.get(f"{one.instrument.id}-{item}") for item in one.items
            }
            for one in self.asked
        }

    def sections(self) -> list[Section]:
        """The questionnaires in the order they are asked."""
        known = instruments.load().instruments
        return [
            Section(
                id=one.instrument.id,
                stem=one.instrument.stem or one.instrument.instructions,
                attribution=instruments.load().attribution(one.instrument.id)
                if one.instrument.id in known
                else one.instrument.licence.holder_text,
                fields=tuple(self[f"{one.instrument.id}-{item}"] for item in one.items),
            )
            for one in self.asked
        ]


def _field(item: Item, strand: str, words: Mapping[str, str]) -> forms.Field:
    """The field of an item; `words` fill what its text leaves open, such as {activity_1}."""
    label = item.text.format_map(words) if "{" in item.text else item.text
    if item.scale.points == tuple(range(11)):
        low, high = item.anchors.get("0", ""), item.anchors.get("10", "")
        return ScaleField(strand=strand, low=low, high=high, label=label, required=False)
    labels = {option.value: option.label for option in item.scale.option}
    choices = [(str(point), labels.get(point, str(point))) for point in item.scale.points]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=Choice(attrs={"class": "short" if len(choices) < 4 else "pair"}),
        error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
    )
