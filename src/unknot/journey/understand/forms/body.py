"""Where it hurts: the marks of the map, and what each place is like."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.marks import IntensityOutOfRange, Mark, RegionNotMarkable, parse_marks
from unknot.domain.bodymap.regions import UnknownRegion
from unknot.domain.bodymap.regions import load as load_bodymap
from unknot.journey.understand.actions.steps import Place
from unknot.journey.understand.forms.words import TapAny, TapOne
from unknot.journey.understand.models import Quality, Since
from unknot.journey.understand.reads import MarkedPlace, Sides
from unknot.web.bodymap import PREFIX

LIST = "places-list"
LONGEST_SHOWN = 40  # letters of a name that does not exist

#: Details are asked openly for the worst places, folded for a few more, and never for the rest:
#: whoever hurts in many places must not pay for it with a long form.
OPEN = 3
FOLDED = 3

#: Areas whose own questions come on the safety page; the back and the neck are asked anyway.
ASKED_LATER = frozenset(
    {"head", "jaw", "shoulder", "arm", "hand", "chest", "abdomen", "flank", "leg", "legs"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapError:
    """A sentence about one place of the map, and the id of what mends it."""

    field: str
    text: str


class BodyForm(forms.Form):
    """The marks of the map, read from the list's fields."""

    nowhere = forms.BooleanField(label=_("Nothing hurts right now"), required=False)

    def __init__(self, data: Any = None, *, partial: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.partial = partial
        self.problems: list[MapError] = []
        self.marks: tuple[Mark, ...] = ()

    @property
    def levels(self) -> dict[str, int]:
        """What was typed and can be shown again on the map."""
        return {mark.region: mark.intensity for mark in self.marks}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found = [mark for name in self.data if name.startswith(PREFIX) for mark in self._mark(name)]
        self.marks = parse_marks([(mark.region, mark.intensity) for mark in found])
        nowhere = cleaned.get("nowhere")
        if found and nowhere:
            text = _("You marked a place. Remove it, or take this tick away.")
            self._refuse("id_nowhere", text)
        elif not (found or nowhere or self.partial or self.problems):
            self._refuse(LIST, _("Mark at least one place, or say that nothing hurts."))
        for problem in self.problems:
            self.add_error("nowhere" if problem.field == "id_nowhere" else None, problem.text)
        return cleaned

    def _mark(self, name: str) -> Iterable[Mark]:
        region = name.removeprefix(PREFIX)
        typed = set(self.data.getlist(name) if isinstance(self.data, QueryDict) else ())
        try:
            label = load_bodymap().label(region)
            if len(typed) > 1:
                text = _("%s has two different answers. Choose one number, or “not marked”.")
                self._refuse(name, text % label)
                return ()
            return parse_marks([(region, level) for level in typed if level])
        except UnknownRegion:
            text = _("There is no place called “%s” on the map.")
            self._refuse(LIST, text % _shown(region))
        except RegionNotMarkable:
            self._refuse(LIST, _("%s is asked about in words, not marked.") % label)
        except IntensityOutOfRange:
            self._refuse(name, _("%s: choose a number from 1 to 10.") % label)
        return ()

    def _refuse(self, field: str, text: Any) -> None:
        self.problems.append(MapError(field=field, text=str(text)))


def _shown(name: str) -> str:
    letters = "".join(letter for letter in name[:LONGEST_SHOWN] if letter.isprintable())
    return f"{letters}…" if len(name) > LONGEST_SHOWN else letters


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceQuestions:
    """A marked place, its two questions, and what is known about pain from there."""

    place: MarkedPlace
    quality: forms.BoundField
    since: forms.BoundField
    felt: str  # where pain from there is often felt, in the words of the body map
    asked_later: bool  # whether the safety page has questions of its own about it

    @property
    def says_something(self) -> bool:
        return bool(self.place.qualities or self.place.since or self.errors)

    @property
    def errors(self) -> bool:
        return bool(self.quality.errors or self.since.errors)


class PlacesForm(forms.Form):
    """What each marked place feels like and since when; and whether the sides are right."""

    sides = forms.ChoiceField(
        label=_("Is this the right side?"),
        choices=[("yes", _("Yes, that is my side")), ("swap", _("No, swap left and right"))],
        required=False,
        widget=TapOne,
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
        sides: Sides,
        confirmed: bool,
        partial: bool = False,
    ) -> None:
        super().__init__(data)
        self.marked = tuple(marked)
        self.asked = self.marked[: OPEN + FOLDED]
        if sides.left or sides.right:
            self.fields["sides"].required = not partial and not confirmed
            self.fields["sides"].initial = "yes" if confirmed else None
        else:
            del self.fields["sides"]
        for place in self.asked:
            self._ask(place)

    def _ask(self, place: MarkedPlace) -> None:
        self.fields[f"quality-{place.region}"] = forms.MultipleChoiceField(
            label=_("What is it like? Choose any."),
            choices=Quality.choices,
            initial=list(place.qualities),
            required=False,
            widget=TapAny,
            error_messages={"invalid_choice": _("Choose words from the list.")},
        )
        self.fields[f"since-{place.region}"] = forms.ChoiceField(
            label=_("Since when?"),
            choices=Since.choices,
            initial=place.since,
            required=False,
            widget=TapOne,
            error_messages={"invalid_choice": _("Choose one of the answers in the list.")},
        )

    @property
    def shown(self) -> str:
        """The places this form shows: sent along, so that swapped sides are not swapped again."""
        return " ".join(sorted(place.region for place in self.marked))

    @property
    def is_stale(self) -> bool:
        """Whether the form was drawn for other marks than there are now."""
        return self.is_bound and self.data.get("shown", self.shown) != self.shown

    def worst(self) -> list[PlaceQuestions]:
        """The strongest places, each with its questions."""
        return list(self._questions(self.asked[:OPEN]))

    def others(self) -> list[PlaceQuestions]:
        """The next places, whose questions are folded away."""
        return list(self._questions(self.asked[OPEN:]))

    def others_open(self) -> bool:
        """Whether something was said about one of the folded places, or has to be mended."""
        return any(row.says_something for row in self.others())

    def not_asked(self) -> tuple[MarkedPlace, ...]:
        """The places that keep their number and are asked nothing more."""
        return self.marked[OPEN + FOLDED :]

    def _questions(self, places: Iterable[MarkedPlace]) -> Iterator[PlaceQuestions]:
        body = load_bodymap()
        for place in places:
            region = body.region(place.region)
            yield PlaceQuestions(
                place=place,
                quality=self[f"quality-{place.region}"],
                since=self[f"since-{place.region}"],
                felt="; ".join(region.refers_to) if region.role == "primary" else "",
                asked_later=not ASKED_LATER.isdisjoint(region.groups),
            )

    def places(self) -> list[Place]:
        """What was said about each place that was asked about."""
        return [
            Place(
                region=place.region,
                qualities=list(dict.fromkeys(self.cleaned_data[f"quality-{place.region}"])),
                since=self.cleaned_data[f"since-{place.region}"],
            )
            for place in self.asked
        ]
