"""Where it hurts: the marks of the map, and what each place is like."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.marks import (
    IntensityOutOfRange,
    Mark,
    RegionNotMarkable,
    parse_marks,
)
from unknot.domain.bodymap.regions import UnknownRegion
from unknot.domain.bodymap.regions import load as load_bodymap
from unknot.journey.understand.actions.steps import Place
from unknot.journey.understand.models import Quality, Since
from unknot.journey.understand.reads import MarkedPlace
from unknot.web.bodymap import PREFIX
from unknot.web.forms import Chips, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class MapError:
    """A sentence about one place of the map, and the field it belongs to."""

    field: str
    text: str


class BodyForm(forms.Form):
    """The marks of the map, read from the list's fields."""

    nowhere = forms.BooleanField(label=_("Nothing hurts right now"), required=False)

    def __init__(self, data: Any = None, *, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.partial = partial
        self.map_errors: list[MapError] = []
        self.marks: tuple[Mark, ...] = ()

    @property
    def levels(self) -> dict[str, int]:
        """What was typed and can be shown again on the map."""
        return {mark.region: mark.intensity for mark in self.marks}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found: list[Mark] = []
        for name in self.data:
            if name.startswith(PREFIX):
                found.extend(self._mark(name))
        self.marks = parse_marks([(mark.region, mark.intensity) for mark in found])
        if self.map_errors:
            for problem in self.map_errors:
                self.add_error(None, problem.text)
        elif not found and not cleaned.get("nowhere") and not self.partial:
            self._refuse("places-list", _("Mark at least one place, or say that nothing hurts."))
            self.add_error(None, self.map_errors[-1].text)
        elif found and cleaned.get("nowhere"):
            self.add_error("nowhere", _("You marked a place. Remove it, or take this tick away."))
        return cleaned

    def _mark(self, name: str) -> Iterable[Mark]:
        typed = self.data.getlist(name) if isinstance(self.data, QueryDict) else []
        region = name.removeprefix(PREFIX)
        if not any(typed):
            return ()
        try:
            return parse_marks([(region, level) for level in typed[-1:]])
        except UnknownRegion:
            self._refuse(name, _("There is no place called “%s” on the map.") % region[:40])
        except RegionNotMarkable:
            label = load_bodymap().label(region)
            self._refuse(name, _("%s is asked about in words, not marked.") % label)
        except IntensityOutOfRange:
            label = load_bodymap().label(region)
            self._refuse(name, _("%s: choose a number from 1 to 10.") % label)
        return ()

    def _refuse(self, field: str, text: Any) -> None:
        self.map_errors.append(MapError(field=field, text=str(text)))


class PlacesForm(forms.Form):
    """What each marked place feels like and since when; and whether the sides are right."""

    sides = forms.ChoiceField(
        label=_("Is this the right side?"),
        choices=[("yes", _("Yes, that is my side")), ("swap", _("No, swap left and right"))],
        required=False,
        widget=Choice,
        error_messages={
            "required": _("Say whether the sides are right."),
            "invalid_choice": _("Say whether the sides are right."),
        },
    )

    def __init__(
        self,
        data: Any = None,
        *,
        marked: Iterable[MarkedPlace],
        asks_sides: bool,
        partial: bool = False,
    ) -> None:
        super().__init__(data)
        self.marked = tuple(marked)
        self.fields["sides"].required = asks_sides and not partial
        if not asks_sides:
            self.fields["sides"].widget = forms.HiddenInput()
        for place in self.marked:
            self.fields[f"quality-{place.region}"] = forms.MultipleChoiceField(
                label=_("What is it like? Choose any."),
                choices=Quality.choices,
                initial=list(place.qualities),
                required=False,
                widget=Chips,
                error_messages={"invalid_choice": _("Choose words from the list.")},
            )
            self.fields[f"since-{place.region}"] = forms.ChoiceField(
                label=_("Since when?"),
                choices=Since.choices,
                initial=place.since,
                required=False,
                widget=Choice(attrs={"class": "pair"}),
                error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
            )

    def rows(self) -> list[tuple[MarkedPlace, forms.BoundField, forms.BoundField]]:
        """Each place with its two questions."""
        return [
            (place, self[f"quality-{place.region}"], self[f"since-{place.region}"])
            for place in self.marked
        ]

    def places(self) -> list[Place]:
        """What was said about each place."""
        return [
            Place(
                region=place.region,
                qualities=self.cleaned_data[f"quality-{place.region}"],
                since=self.cleaned_data[f"since-{place.region}"],
            )
            for place in self.marked
        ]
