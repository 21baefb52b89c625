"""The places of the body that a client can wish for or leave out, with their labels.

A place is a region of the body map or one of a few groups of regions, such as all of the neck.
"""

from collections.abc import Collection, Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from unknot.domain.bodymap import regions

Label = str | Promise

#: Groups of the body map that may be asked for, and those that may be left out besides.
FOCUS_GROUPS: Mapping[str, Label] = {
    "neck": _("Neck"),
    "shoulder": _("Shoulders"),
    "upper_back": _("Upper back"),
    "low_back": _("Lower back"),
    "pelvis": _("Buttocks"),
}
LEAVE_OUT_GROUPS: Mapping[str, Label] = {
    **FOCUS_GROUPS,
    "head": _("Head and face"),
    "arm": _("Arms"),
    "hand": _("Hands"),
    "chest": _("Chest"),
    "abdomen": _("Belly"),
    "leg": _("Legs and feet"),
}
NOT_PRESSED = frozenset({"no_press", "safety_only"})


def label(place: str) -> Label:
    """Name a place in the client's words; raises UnknownRegion for one that does not exist."""
    return LEAVE_OUT_GROUPS[place] if place in LEAVE_OUT_GROUPS else regions.load().label(place)


def label_pro(place: str) -> Label:
    """Name a place in the therapist's words; raises UnknownRegion for one that does not exist."""
    if place in LEAVE_OUT_GROUPS:
        return LEAVE_OUT_GROUPS[place]
    return regions.load().region(place).label_pro


def focus_choices(
    marked: Iterable[str], *, avoid: Collection[str], saved: Iterable[str] = ()
) -> list[tuple[str, Label]]:
    """Offer the marked regions that may be pressed, then the groups, then what was saved before."""
    body = regions.load()
    own = [
        place
        for place in marked
        if place not in avoid and body.region(place).role not in NOT_PRESSED
    ]
    return _choices(own, FOCUS_GROUPS, saved)


def leave_out_choices(
    marked: Iterable[str], *, saved: Iterable[str] = ()
) -> list[tuple[str, Label]]:
    """Offer every marked region, then the groups, then what was saved before."""
    return _choices(marked, LEAVE_OUT_GROUPS, saved)


def coarse(places: Collection[str]) -> tuple[str, ...]:
    """Drop the finer sites of regions that are named themselves, in the order of the map."""
    return tuple(
        region.id
        for region in regions.load().regions
        if region.id in places and not set(region.parents) & set(places)
    )


def _choices(
    own: Iterable[str], groups: Mapping[str, Label], saved: Iterable[str]
) -> list[tuple[str, Label]]:
    ids = dict.fromkeys([*own, *groups, *saved])
    return [(place, label(place)) for place in ids]
