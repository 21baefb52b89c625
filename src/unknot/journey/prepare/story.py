"""The story of the pain in words, as the therapist reads it: only what was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.journey.understand.models import (
    Aim,
    Cause,
    CheckIn,
    Course,
    Ease,
    Episodes,
    Quality,
    Since,
    Strain,
)
from unknot.journey.understand.reads import MarkedPlace

Words = str | Promise

#: What may come along with it: said yes, and said no.
ALONG: tuple[tuple[str, Words, Words], ...] = (
    ("headaches", _("Headaches"), _("no headaches")),
    ("shoulder_pain", _("A shoulder hurts as well"), _("no shoulder pain")),
    ("arm_numbness", _("An arm or hand goes numb or tingles"), _("no numb arm or hand")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One question of the story in short, with the client's answers in words."""

    label: Words
    answers: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What was told, in the order it was asked, and the goal as the client typed it."""

    told: tuple[Told, ...] = ()
    goal: str = ""

    def __bool__(self) -> bool:
        return bool(self.told or self.goal)


def story_of(checkin: CheckIn) -> Story:
    """Say the story of a check-in in words; what was not told is left out."""
    rows: tuple[tuple[Words, Sequence[Words]], ...] = (
        (_("Course"), _labels([checkin.course], Course.choices)),
        (_("Earlier episodes"), _labels([checkin.episodes], Episodes.choices)),
        (_("Hopes for"), _labels(checkin.aims, Aim.choices)),
        (_("Suspects"), _labels(checkin.suspected_causes, Cause.choices)),
        (_("Better with"), _labels(checkin.eased_by, Ease.choices)),
        (_("Worse with"), _labels(checkin.worsened_by, Strain.choices)),
        (_("Along with it"), _along(checkin)),
    )
    told = tuple(Told(label=label, answers=tuple(said)) for label, said in rows if said)
    return Story(told=told, goal=checkin.goal)


def words_of(place: MarkedPlace) -> tuple[Words, ...]:
    """Say what one place feels like and since when; empty when nothing was told."""
    qualities = _labels(place.qualities, Quality.choices)
    return (*qualities, *_labels([place.since], Since.choices))


def _labels(ids: Iterable[str], choices: Sequence[tuple[str, Words]]) -> list[Words]:
    chosen = set(ids)
    return [label for value, label in choices if value in chosen]


def _along(checkin: CheckIn) -> list[Words]:
    said = {name: getattr(checkin, name) for name, _yes, _no in ALONG}
    yes = [words for name, words, _no in ALONG if said[name] is True]
    return yes + [words for name, _yes, words in ALONG if said[name] is False]
