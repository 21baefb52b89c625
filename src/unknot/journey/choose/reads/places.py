"""Where a postcode lies, and the box around it in which to look.

Nothing here is about a person: a place is what somebody typed into the search, and it is not kept.

Units   WGS 84 degrees; kilometres.
Errors  none: an unknown postcode is None.
Source  the table of postcodes that the installation has loaded; great-circle geometry on a sphere
        with the earth's mean radius of 6371.0088 km, which is at most 0.6 % off.
"""

import math
from dataclasses import dataclass
from typing import Final

from unknot.domain.postcodes import first_part, normalised
from unknot.journey.choose.models import Postcode
from unknot.people.models import Location, Practice

EARTH_KM: Final = 6371.0088
RADII: Final = (5, 10, 20, 50)
LONGEST_CODE: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point to look around, with what the reader typed for it."""

    code: str
    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of degrees; `west` is greater than `east` when it lies across the 180th meridian."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRow:
    """One place of a practice, as staff see it."""

    id: int
    name: str
    address: str
    how_to_find: str
    latitude: float | None
    longitude: float | None
    step_free: bool | None

    @property
    def coordinates(self) -> str:
        """Both coordinates as a map writes them, or nothing."""
        if self.latitude is None or self.longitude is None:
            return ""
        return f"{self.latitude:.5f}, {self.longitude:.5f}"


def find(country: str, typed: str) -> Place | None:
    """Look a postcode up in a country's table; None when it is not there. At most 1 query."""
    code = normalised(country, typed)
    if not code or len(code) > LONGEST_CODE or "\x00" in code:
        return None
    codes = {code, first_part(country, code)}
    found = Postcode.objects.filter(country=country, code__in=codes)
    best = max(found, key=lambda one: len(one.code), default=None)
    if best is None:
        return None
    return Place(code=code, name=best.place, latitude=best.latitude, longitude=best.longitude)


def of(practice: Practice) -> tuple[LocationRow, ...]:
    """Every place of a practice; 1 query."""
    return tuple(row(one) for one in practice.location_set.order_by("pk"))


def row(one: Location) -> LocationRow:
    """The row of one place."""
    return LocationRow(
        id=one.pk,
        name=one.name,
        address=one.address,
        how_to_find=one.how_to_find,
        latitude=one.latitude,
        longitude=one.longitude,
        step_free=one.step_free,
    )


def box(latitude: float, longitude: float, km: float) -> Box:
    """Give the smallest box of degrees that holds every point within `km`."""
    angle = km / EARTH_KM
    up = math.degrees(angle)
    south, north = latitude - up, latitude + up
    if south <= -90 or north >= 90:  # a pole lies within: every meridian does
        return Box(south=max(south, -90.0), north=min(north, 90.0), west=-180.0, east=180.0)
    across = math.degrees(math.asin(math.sin(angle) / math.cos(math.radians(latitude))))
    west, east = longitude - across, longitude + across
    return Box(
        south=south,
        north=north,
        west=west + 360 if west < -180 else west,
        east=east - 360 if east > 180 else east,
    )
