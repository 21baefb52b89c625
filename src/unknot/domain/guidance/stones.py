"""Heated stones: which readings may not be, and what to say of those that may.

The bath and the skin are two readings: a setting of the bath is never the setting of the skin.

Units   degrees Celsius, with one decimal.
Errors  none; what cannot be is a finding with `refused`.
Source  knowledge/techniques/hot_stone.toml, heat; the rules it names in knowledge/screening/
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, get_args

from unknot.domain.guidance.catalogue import Catalogue
from unknot.domain.guidance.entries import StoneHeat
from unknot.domain.knowledge import Confidence

#: How the skin under a stone bears heat, from the highest limit to the lowest.
Skin = Literal["ordinary", "older_or_thin", "dulled"]
SKINS: tuple[Skin, ...] = get_args(Skin)
#: Outside of this a thermometer for water and skin has been misread.
READABLE = (Decimal(0), Decimal(100))


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators' tools and return it unchanged."""
    return text


SENTENCES: Mapping[str, str] = {
    "bath_over": gettext_noop(
        "The bath reads %(reading)s °C. The limit is %(limit)s °C: let it cool and measure again."
    ),
    "skin_over": gettext_noop(
        "The stone reads %(reading)s °C at the skin. The limit is %(limit)s °C: take it away, let "
        "it cool and measure again."
    ),
    "skin_over_older_or_thin": gettext_noop(
        "The stone reads %(reading)s °C at the skin. For older or thin skin the limit is "
        "%(limit)s °C: take it away, let it cool and measure again."
    ),
    "skin_over_dulled": gettext_noop(
        "The stone reads %(reading)s °C at the skin. Where heat is felt less the limit is "
        "%(limit)s °C: take it away, let it cool and measure again."
    ),
    "unreadable": gettext_noop(
        "%(reading)s °C cannot be a reading of a bath or of skin. Look at the thermometer again."
    ),
    "starts_high": gettext_noop(
        "This is the first reading at the skin. Start at %(limit)s °C and ask how it feels."
    ),
    "same_as_bath": gettext_noop(
        "The skin reads as warm as the bath. Measure the stone itself, after it has cooled."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One look at the thermometers; None was not measured."""

    bath_c: Decimal | None = None
    skin_c: Decimal | None = None
    skin: Skin = "ordinary"
    first: bool = False  # no stone has met the skin yet in this session


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is said of one number: refused, or a caution."""

    about: Literal["bath_c", "skin_c"]
    refused: bool
    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    conf: Confidence | None = None  # how sure the limit is; None for what is no limit

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """Say it with its numbers, in the language of `translate`."""
        return translate(self.text) % self.values


def heat_of(catalogue: Catalogue, techniques: Iterable[str]) -> StoneHeat | None:
    """Give the limits of the first of these techniques that uses heated stones, or None."""
    for name in techniques:
        heat = catalogue.technique(name).heat
        if isinstance(heat, StoneHeat):
            return heat
    return None


def skin_of(heat: StoneHeat, fired: Collection[str]) -> Skin:
    """Say how the skin bears heat from the screening rules that fired, the most careful first."""
    limits = heat.skin_contact_c
    if not set(limits.dulled_feeling_rules).isdisjoint(fired):
        return "dulled"
    if not set(limits.elderly_or_thin_skin_rules).isdisjoint(fired):
        return "older_or_thin"
    return "ordinary"


def stricter(one: Skin, other: Skin) -> Skin:
    """Give the kind of skin with the lower limit."""
    return max(one, other, key=SKINS.index)


def skin_limit(heat: StoneHeat, skin: Skin) -> int:
    """Give the highest temperature at this skin, in degrees Celsius."""
    limits = heat.skin_contact_c
    if skin == "dulled":
        return limits.dulled_feeling_max
    return limits.elderly_or_thin_skin_max if skin == "older_or_thin" else limits.max


def check(heat: StoneHeat, reading: Reading) -> tuple[Finding, ...]:
    """Judge one reading against the limits; what is refused comes first."""
    found = (*_bath(heat, reading.bath_c), *_at_skin(heat, reading))
    return tuple(sorted(found, key=lambda one: not one.refused))


def _bath(heat: StoneHeat, bath: Decimal | None) -> Iterator[Finding]:
    if bath is None:
        return
    if not _readable(bath):
        yield _finding("bath_c", "unreadable", bath)
    elif bath > heat.bath_c.max:
        yield _finding("bath_c", "bath_over", bath, heat.bath_c.max, heat.bath_c.conf)


def _at_skin(heat: StoneHeat, reading: Reading) -> Iterator[Finding]:
    skin, limits = reading.skin_c, heat.skin_contact_c
    if skin is None:
        return
    limit = skin_limit(heat, reading.skin)
    if not _readable(skin):
        yield _finding("skin_c", "unreadable", skin)
        return
    if skin > limit:
        text = "skin_over" if reading.skin == "ordinary" else f"skin_over_{reading.skin}"
        yield _finding("skin_c", text, skin, limit, limits.conf)
        return
    if reading.first and skin > limits.start_low:
        yield _finding("skin_c", "starts_high", skin, limits.start_low, limits.conf, refused=False)
    if skin == reading.bath_c:
        yield _finding("skin_c", "same_as_bath", skin, refused=False)


def _readable(value: Decimal) -> bool:
    return READABLE[0] <= value <= READABLE[1]


def _finding(
    about: Literal["bath_c", "skin_c"],
    text: str,
    reading: Decimal,
    limit: int | None = None,
    conf: Confidence | None = None,
    *,
    refused: bool = True,
) -> Finding:
    values = {"reading": f"{reading:f}", "limit": limit}
    return Finding(about=about, refused=refused, text=SENTENCES[text], values=values, conf=conf)
