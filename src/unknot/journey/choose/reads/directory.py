"""Who is found, and in which order: one query for the ids of a page, from named keys alone.

The keys, in this order: can be booked by this person; holds a verified credential; signed sessions
with the chosen technique, in steps; what reviews amount to, in twentieths of a star; nearer, in
steps of half a kilometre, when a place is given; and then by turns, which change every day.
Nothing in these tables is bought, so nothing that is bought can be a key.

Units   kilometres; minor units of a currency; `now` is aware; each practice has its
        own day.
Errors  none.
Source  docs/explanation/directory.md; the badge: domain/credentials/standing.py; closed days:
        domain/credentials/required.py
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from django.db import connection

from unknot.domain.credentials import standing
from unknot.journey.choose.reads import directory_query as query
from unknot.journey.choose.reads import places
from unknot.journey.choose.reads.person import Person
from unknot.journey.choose.reads.places import Place
from unknot.people.models import Practice

PAGE_SIZE: Final = 20
Sort = Literal["", "distance", "price"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; nothing chosen means all of it."""

    technique: str = ""
    minutes: int | None = None
    area: str = ""
    genders: tuple[str, ...] = ()
    language: str = ""
    step_free: bool = False
    licence: bool = False
    most_minor: int | None = None  # in the smallest unit of `currency`
    currency: str = ""
    place: Place | None = None
    radius: int | None = None  # only together with a place
    sort: Sort = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether anything was chosen that leaves somebody out."""
        everything = Wanted(
            currency=self.currency, place=self.place, sort=self.sort, page=self.page
        )
        return self != everything

    @property
    def wants_service(self) -> bool:
        """Whether somebody who offers nothing that fits is left out."""
        return bool(self.technique or self.minutes or self.most_minor is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One therapist who was found, with the keys that put them where they are."""

    pk: int
    slug: str
    bookable: bool
    verified: bool
    step: int  # of query.STEPS; 0 when no technique was chosen
    stars: float  # in twentieths: what the reviews amount to at least
    km: float | None  # rounded to half a kilometre
    currency: str
    price: int | None  # of the cheapest service that fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of what was found."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    without_place: int  # would fit, but nobody has said where they are


def search(wanted: Wanted, *, practice: Practice | None, person: Person, now: datetime) -> Found:
    """Find a page of therapists; a page that does not exist is the first. At most 2 queries."""
    text, values = statement(wanted, practice=practice, person=person, now=now)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows = cursor.fetchall()
    total = rows[0][-1] if rows else 0
    pages = max(1, -(-total // PAGE_SIZE))
    return Found(
        hits=tuple(_hit(row) for row in rows),
        total=total,
        page=wanted.page if wanted.page <= pages else 1,
        pages=pages,
        without_place=_without_place(wanted, practice=practice, person=person, now=now),
    )


def statement(
    wanted: Wanted, *, practice: Practice | None, person: Person, now: datetime
) -> tuple[str, Mapping[str, Any]]:
    """Give the one query of a search with its values."""
    before = {"distance": "km NULLS LAST, ", "price": query.CHEAPEST}.get(wanted.sort, "")
    text = query.FOUND.format(
        step=query.STEP if wanted.technique else "0",
        before=before,
        **_who(wanted, practice, near=" AND ".join(_near(wanted))),
    )
    return text, _values(wanted, practice=practice, person=person, now=now)


def _hit(row: tuple[Any, ...]) -> Hit:
    pk, slug, bookable, verified, step, stars, km, currency, price, _total = row
    return Hit(
        pk=pk,
        slug=slug,
        bookable=bookable,
        verified=verified,
        step=step,
        stars=float(stars),
        km=km,
        currency=currency,
        price=price,
    )


def _without_place(
    wanted: Wanted, *, practice: Practice | None, person: Person, now: datetime
) -> int:
    """How many fit but have no coordinates, so that no radius finds them."""
    if wanted.place is None or wanted.radius is None:
        return 0
    anywhere = replace(wanted, radius=None, place=None)
    text = query.COUNTED.format(**_who(anywhere, practice, near="l.latitude IS NULL"))
    with connection.cursor() as cursor:
        cursor.execute(text, _values(wanted, practice=practice, person=person, now=now))
        return int(cursor.fetchone()[0])


# What is asked for ----------------------------------------------------------------------------


def _where(wanted: Wanted, practice: Practice | None) -> Iterator[str]:
    yield "t.listed_since IS NOT NULL"
    chosen = (
        (practice is not None, "t.practice_id = %(practice)s"),
        (wanted.language, "t.languages @> ARRAY[%(language)s]::varchar[]"),
        (wanted.area, "t.areas @> ARRAY[%(area)s]::varchar[]"),
        (wanted.genders, "t.gender = ANY(%(genders)s)"),
        (wanted.step_free, "x.step_free"),
        (wanted.licence, query.HOLDS_VERIFIED),
    )
    yield from (text for applies, text in chosen if applies)


def _who(wanted: Wanted, practice: Practice | None, *, near: str) -> dict[str, str]:
    """The parts of the query that leave somebody out."""
    people = query.OFFERING if wanted.wants_service else query.EVERYBODY
    km = query.KM if wanted.place is not None else "NULL::float8"
    return {
        "people": people.format(offered=" ".join(_offered(wanted)), near=near, km=km),
        "where": " AND ".join(_where(wanted, practice)),
        "currency": "true" if wanted.most_minor is None else "p.currency = %(currency)s",
    }


def _near(wanted: Wanted) -> Iterator[str]:
    if wanted.place is None or wanted.radius is None:
        yield "true"
        return
    box = places.box(wanted.place.latitude, wanted.place.longitude, wanted.radius)
    yield "l.latitude BETWEEN %(south)s AND %(north)s"
    if box.west <= box.east:
        yield "l.longitude BETWEEN %(west)s AND %(east)s"
    else:
        yield "(l.longitude >= %(west)s OR l.longitude <= %(east)s)"
    yield f"{query.KM} <= %(radius)s"


def _offered(wanted: Wanted) -> Iterator[str]:
    if wanted.technique:
        yield "AND s.technique = %(technique)s"
    if wanted.minutes is not None:
        yield "AND s.minutes = %(minutes)s"
    if wanted.most_minor is not None:
        yield "AND s.price_minor <= %(most)s"


def _values(
    wanted: Wanted, *, practice: Practice | None, person: Person, now: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {
        **query.CREDENTIAL_VALUES,
        "now": now,
        "check_days": standing.CHECK_LASTS.days,
        "anybody": person.guided is None,
        "open": sorted(person.guided.bookable) if person.guided is not None else [],
        "practice": practice.pk if practice is not None else None,
        "technique": wanted.technique,
        "minutes": wanted.minutes,
        "language": wanted.language,
        "area": wanted.area,
        "genders": list(wanted.genders),
        "most": wanted.most_minor,
        "currency": wanted.currency,
        "radius": wanted.radius,
        "day": now.date().isoformat(),
        "size": PAGE_SIZE,
        "skip": (wanted.page - 1) * PAGE_SIZE,
    }
    if wanted.place is not None:
        here = wanted.place
        box = places.box(here.latitude, here.longitude, wanted.radius or 0)
        values |= {"latitude": here.latitude, "longitude": here.longitude}
        values |= {"south": box.south, "north": box.north, "west": box.west, "east": box.east}
    return values
