"""What several forms of the check-in share: yes and no, areas of the body, short answers to tap."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap.regions import load as load_bodymap

YES_NO = (("yes", _("Yes")), ("no", _("No")))
SAID = (*YES_NO, ("unsure", _("Not sure")))

#: Areas to choose from when an answer has a place; the groups are those of the body map.
AREAS = (
    ("neck", _("Neck")),
    ("shoulder", _("Shoulder")),
    ("upper_back", _("Upper back")),
    ("low_back", _("Lower back")),
    ("pelvis", _("Buttocks and hips")),
    ("head", _("Head")),
    ("jaw", _("Jaw")),
    ("arm", _("Arms")),
    ("hand", _("Hands")),
    ("chest", _("Chest")),
    ("abdomen", _("Belly")),
    ("legs", _("Legs and feet")),
)


class TapOne(forms.RadioSelect):
    """Short answers in a row, one to choose; as little markup as that takes."""

    template_name = "understand/tap.html"


class TapAny(forms.CheckboxSelectMultiple):
    """Short answers in a row, any number to choose; as little markup as that takes."""

    template_name = "understand/tap.html"


def area_words(regions: Iterable[str]) -> Sequence[str]:
    """Regions of the body map in words: whole areas by their name, the rest one by one."""
    left, body = set(regions), load_bodymap()
    words = []
    for area, label in AREAS:
        held = {region.id for region in body.in_group(area)}
        if held and held <= set(regions):
            words.append(str(label))
            left -= held
    return [*words, *(region.label for region in body.regions if region.id in left)]
