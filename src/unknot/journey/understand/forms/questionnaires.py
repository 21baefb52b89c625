"""Questions of instruments, word for word, each with its answers and who wrote it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.instruments import catalogue as instruments
from unknot.domain.instruments.definition import Instrument, Item
from unknot.domain.instruments.scoring import is_asked
from unknot.web.forms import Choice, ScaleField

Points = Mapping[str, Mapping[str, int]]

CHANGED = _("These questions have changed since you opened the page. Read them again.")
TWICE = _("There are two answers to this question. Choose one.")
_OPEN = re.compile(r"\{(\w+)\}", re.ASCII)


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
        for name in self.fields:
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                self.add_error(name, TWICE)
        for one in self.asked:
            check_version(self, one.instrument)
        return cleaned

    def points(self) -> dict[str, dict[str, int | None]]:
        """The answers by instrument and item; None where nothing was chosen."""
        return {one.instrument.id: self._points(one) for one in self.asked}

    def _points(self, one: Questionnaire) -> dict[str, int | None]:
        """The answers to one questionnaire, without those that another answer rules out."""
        said = {name: self.cleaned_data.get(f"{one.instrument.id}-{name}") for name in one.items}
        for name in one.items:
            item = one.instrument.find_item(name)
            if item is None or item.ask_if is None or is_asked(item, said):
                continue
            if all(said.get(other) is not None for other in item.ask_if.names):
                said[name] = None
        return said

    def sections(self) -> list[Section]:
        """The questionnaires in the order they are asked."""
        return [
            Section(
                id=one.instrument.id,
                stem=one.instrument.stem or one.instrument.instructions,
                attribution=origin(one.instrument),
                fields=tuple(self[f"{one.instrument.id}-{item}"] for item in one.items),
            )
            for one in self.asked
        ]


def check_version(form: forms.Form, instrument: Instrument) -> None:
    """Refuse answers to another version of the questions, and show this one from now on."""
    name, now = f"version-{instrument.id}", str(instrument.version)
    shown = form.data.get(name)
    if not shown or shown == now:
        return
    form.add_error(None, CHANGED)
    data: Any = form.data
    data = data.copy()
    data[name] = now
    form.data = data


def origin(instrument: Instrument) -> str:
    """Who wrote the questions: the line of the holder, else the paper; ours say that they are."""
    if instrument.licence.ship == "house":
        return str(_("Our own question. It has not been tested in studies."))
    known = instruments.load()
    parts = [instrument, *(known.instrument(name) for name in instrument.includes)]
    lines = [_holder(part) or part.source for part in parts]
    return f"{instrument.name}. " + " ".join(f"{line.rstrip('.')}." for line in lines)


def _holder(instrument: Instrument) -> str:
    known = instruments.load()
    if instrument.id in known.instruments:
        return known.attribution(instrument.id)
    return instrument.licence.holder_text


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text of an item with its gaps filled, such as {activity_1}; nothing else is read."""
    return _OPEN.sub(lambda gap: words.get(gap[1], gap[0]), text)


def _field(item: Item, strand: str, words: Mapping[str, str]) -> forms.Field:
    """The field of an item; `words` fill what its text leaves open."""
    label = filled(item.text, words)
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
