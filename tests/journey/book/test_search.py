"""The search for free times: the same list as a search that knows no cells, and all of it bookable.

`plain` below asks the one decision about everybody, for every day, and sorts. The search must find
the same people in the same order with the same times.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import md5

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tests.cast import LONG_AGO, NOW, TODAY, Cast, a_practice, a_service, a_user, at
from tests.checkins import a_completed_checkin
from tests.journey.choose.listing import a_credential, signed_sessions
from unknot.domain.calendar import hours
from unknot.domain.calendar import search as rules
from unknot.journey.book.actions import booking, days
from unknot.journey.book.models import (
    AvailDay,
    HoursOverride,
    LoadLimit,
    Need,
    Resource,
    TimeOff,
    WorkingHours,
)
from unknot.journey.book.reads import decision, search, search_stages
from unknot.journey.book.reads.search import Found, Source
from unknot.journey.book.reads.search_stages import Asked
from unknot.journey.choose.models import Service, TechniqueCount, Therapist
from unknot.journey.choose.reads import directory, directory_query, places
from unknot.journey.choose.reads.directory import Hit
from unknot.journey.choose.reads.person import Person, guided
from unknot.people.models import Location, Practice

NOBODY = Person()
HERE = places.Place(code="10115", name="Berlin", latitude=52.532, longitude=13.385)
NORTH_KM = 111.195  # of one degree
ONE_DAY = timedelta(days=1)
MORNING, EVENING = (0, 12 * 60), (17 * 60, 24 * 60)


def asked(**fields: object) -> Asked:
    """Two weeks from the fixed day, unless something else is asked for."""
    first = fields.pop("first_day", TODAY)
    assert isinstance(first, date)
    last = fields.pop("last_day", first + 13 * ONE_DAY)
    return Asked(first_day=first, last_day=last, **fields)  # type: ignore[arg-type]


def found(wanted: Asked, *, practice: Practice | None = None, person: Person = NOBODY) -> Found:
    return search.find(wanted, practice=practice, person=person, now=NOW)


def told(page: Found) -> list[tuple[str, int, tuple[datetime, ...]]]:
    """Who, for which service, when."""
    return [(one.card.slug, one.service.id, one.times) for one in page.cards]


# A search without cells -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Plain:
    points: int
    turn: str
    slug: str
    service: int
    times: tuple[datetime, ...]


def plain(wanted: Asked, *, practice: Practice | None = None) -> list[Plain]:
    """Everybody who fits and has a time by the one decision, sorted by the rule of points."""
    hits = _hits(wanted)
    one_by_one = [
        _plain(therapist, wanted, hits[therapist.pk])
        for therapist in Therapist.objects.filter(listed_since__isnull=False)
        if practice is None or therapist.practice == practice
    ]
    return sorted((one for one in one_by_one if one), key=lambda one: (-one.points, one.turn))


def _hits(wanted: Asked) -> dict[int, Hit]:
    """What the directory knows of everybody, whatever else is wanted."""
    anywhere = directory.Wanted(technique=wanted.technique, place=wanted.place)
    pages = [
        directory.search(replace(anywhere, page=page), practice=None, person=NOBODY, now=NOW)
        for page in (1, 2)
    ]
    return {one.pk: one for page in pages for one in page.hits}


def _plain(therapist: Therapist, wanted: Asked, hit: Hit) -> Plain | None:
    service = _service(therapist, wanted)
    outside = wanted.radius is not None and (hit.km is None or _km(therapist) > wanted.radius)
    if service is None or outside or (wanted.licence and not hit.verified):
        return None
    zone = therapist.practice.tz
    pick = decision.Wanted(therapist=therapist, service=service)
    question = decision.ask(pick, wanted.first_day, wanted.last_day, now=NOW)
    windows = wanted.windows or ((0, 1440),)
    starts = [
        slot.start
        for slot in question.offered(wanted.first_day, wanted.last_day, now=NOW)
        if not wanted.weekdays or slot.start.astimezone(zone).weekday() in wanted.weekdays
        if any(first <= hours.local(slot.start, zone)[1] < last for first, last in windows)
    ]
    if not starts:
        return None
    points = rules.standing(
        verified=hit.verified,
        step=hit.step,
        stars=round(hit.stars * 20),
        halves=None if hit.km is None else round(hit.km * 2),
        radius=wanted.radius or 1,
    )
    soon = rules.soon((starts[0].astimezone(zone).date() - wanted.first_day).days)
    turn = md5(f"{NOW.date().isoformat()}{hit.slug}".encode(), usedforsecurity=False).hexdigest()
    return Plain(
        points=points + soon, turn=turn, slug=hit.slug, service=service.pk, times=tuple(starts[:4])
    )


def _km(therapist: Therapist) -> float:
    assert therapist.location.latitude is not None
    return abs(therapist.location.latitude - HERE.latitude) * NORTH_KM


def _service(therapist: Therapist, wanted: Asked) -> Service | None:
    fitting = [
        one
        for one in therapist.services.filter(active=True, for_two=False)
        if wanted.technique in {"", one.technique}
        and wanted.minutes in {None, one.minutes}
        and (not wanted.feature or one.needs.filter(feature=wanted.feature).exists())
    ]
    return min(fitting, key=lambda one: (one.minutes, one.price_minor, one.pk), default=None)


# Small worlds -----------------------------------------------------------------------------------

ZONES = ("Europe/Berlin", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def a_world(seed: int) -> random.Random:
    """Some practices with rooms, leave, limits, credentials that end and appointments."""
    chance = random.Random(seed)
    for number in range(4):
        practice = a_practice(
            f"House {number}",
            slug=f"house-{number}",
            zone=chance.choice(ZONES),
            step_minutes=chance.choice([5, 15, 30, 60]),
            notice_minutes=chance.choice([0, 120, 3000]),
            horizon_days=chance.choice([5, 20, 30]),
            cleanup_past_closing=chance.random() < 0.3,
            required_credentials=["licence"] if chance.random() < 0.3 else [],
        )
        place = practice.location_set.get()
        Location.objects.filter(pk=place.pk).update(
            latitude=HERE.latitude + chance.uniform(0, 24) / NORTH_KM, longitude=HERE.longitude
        )
        team = [_somebody(chance, practice, place, one) for one in range(chance.randint(1, 3))]
        _things(chance, practice)
        for technique in ("swedish", "hot_stone"):
            for minutes in (60, 45):
                service = a_service(practice, technique, *team, minutes=minutes)
                buffers = chance.choice([(0, 10), (5, 15), (7, 8)])
                service.setup_minutes, service.cleanup_minutes = buffers
                service.save(update_fields=["setup_minutes", "cleanup_minutes"])
                if technique == "hot_stone":
                    Need.objects.create(service=service, kind="room", feature="heater")
                if chance.random() < 0.3:
                    minutes_before = chance.choice([0, 30])
                    Need.objects.create(service=service, kind="tool", before_minutes=minutes_before)
    days.keep_ahead(NOW)
    _book(chance)
    return chance


def _somebody(chance: random.Random, practice: Practice, place: Location, number: int) -> Therapist:
    name = f"{practice.slug}-{number}"
    therapist = Therapist.objects.create(
        user=a_user(name),
        practice=practice,
        location=place,
        slug=name,
        name=name,
        listed_since=LONG_AGO if chance.random() < 0.9 else None,
    )
    for weekday in range(7):
        if chance.random() < 0.5:
            opens = chance.choice([0, 480, 540, 780])
            closes = opens + chance.choice([120, 300, 480])
            WorkingHours.objects.create(
                therapist=therapist, weekday=weekday, starts_minute=opens, ends_minute=closes
            )
    for day in (1, 2, 3, 9):
        if chance.random() < 0.4:
            window = chance.choice([(None, None), (600, 1140)])
            HoursOverride.objects.create(
                therapist=therapist,
                day=TODAY + day * ONE_DAY,
                starts_minute=window[0],
                ends_minute=window[1],
            )
    person = Resource.objects.create(kind="person", user=therapist.user)
    if chance.random() < 0.3:
        _away(chance, person, therapist)
    if chance.random() < 0.3:
        LoadLimit.objects.create(resource=person, minutes_per_day=chance.choice([45, 120]))
    if chance.random() < 0.6:
        ends = chance.choice([None, TODAY + 4 * ONE_DAY, TODAY - ONE_DAY])
        a_credential(therapist, expires_on=ends)
    signed_sessions(therapist, chance.choice([0, 2, 11]), "swedish")
    return therapist


def _away(chance: random.Random, resource: Resource, therapist: Therapist) -> None:
    begins = NOW + timedelta(hours=chance.randint(0, 72))
    TimeOff.objects.create(
        resource=resource,
        during=DateTimeTZRange(begins, begins + timedelta(hours=chance.randint(2, 60))),
        created_by=therapist.user,
        created_at=NOW,
    )


def _things(chance: random.Random, practice: Practice) -> None:
    for kind, features in (("room", ["heater"]), ("room", []), ("tool", [])):
        if chance.random() < 0.8:
            Resource.objects.create(kind=kind, practice=practice, name=kind, features=features)


def _book(chance: random.Random) -> None:
    """A few appointments with everybody, each at a time that is offered."""
    for therapist in Therapist.objects.filter(listed_since__isnull=False):
        for _one in range(chance.randint(0, 3)):
            service = chance.choice(list(therapist.services.all()))
            pick = decision.Wanted(therapist=therapist, service=service)
            free = decision.ask(pick, TODAY, TODAY + 9 * ONE_DAY, now=NOW)
            slots = free.offered(TODAY, TODAY + 9 * ONE_DAY, now=NOW)
            if slots:
                booking.hold(
                    a_completed_checkin(None, practice=therapist.practice),
                    actor=AnonymousUser(),
                    wanted=pick,
                    start=chance.choice(slots).start,
                    now=NOW,
                )


QUESTIONS = (
    {},
    {"technique": "swedish"},
    {"technique": "swedish", "minutes": 60, "place": HERE, "radius": 20},
    {"technique": "swedish", "minutes": 60, "weekdays": frozenset({1, 3}), "windows": (EVENING,)},
    {"technique": "hot_stone", "minutes": 45, "feature": "heater", "windows": (MORNING, EVENING)},
    {"licence": True, "place": HERE, "radius": 10, "weekdays": frozenset({5, 6})},
    {"first_day": TODAY + 2 * ONE_DAY, "last_day": TODAY + 2 * ONE_DAY},  # the clock goes forward
)


@pytest.mark.parametrize(("seed", "opened_first"), [(0, 1), (1, 128), (4, 2)])
def test_the_search_finds_the_same_as_one_without_cells(
    db: None, seed: int, opened_first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "OPENED_FIRST", opened_first)  # 1: many rounds, each cut off early
    a_world(seed)
    some = 0  # so that a world in which nobody has a time does not pass
    for question in QUESTIONS:
        wanted = asked(**question)
        expected = [(one.slug, one.service, one.times) for one in plain(wanted)]
        assert told(found(wanted)) == expected[: search.PAGE_SIZE], question
        some += len(expected)
    assert some > 10


def test_every_time_that_is_found_can_be_booked_and_then_is_not_found_again(db: None) -> None:
    chance = a_world(0)
    before = found(asked(technique="swedish"))
    assert before.cards
    for one in before.cards:
        therapist = Therapist.objects.get(slug=one.card.slug)
        service = therapist.services.get(pk=one.service.id)
        pick = decision.Wanted(therapist=therapist, service=service)
        for start in one.times:
            assert decision.refusal(pick, start, now=NOW) is None
    picked = chance.choice(before.cards)
    therapist = Therapist.objects.get(slug=picked.card.slug)
    held = booking.hold(
        a_completed_checkin(None, practice=therapist.practice),
        actor=AnonymousUser(),
        wanted=decision.Wanted(
            therapist=therapist, service=therapist.services.get(pk=picked.service.id)
        ),
        start=picked.first,
        now=NOW,
    )
    assert held.start == picked.first
    after = {slug: times for slug, _service, times in told(found(asked(technique="swedish")))}
    assert picked.first not in after.get(picked.card.slug, ())


# One thing at a time ----------------------------------------------------------------------------


def test_cells_that_show_too_much_do_not_get_past_the_decision(cast: Cast) -> None:
    days.keep_ahead(NOW)
    wanted = asked(technique="swedish", weekdays=frozenset({0}))
    assert len(told(found(wanted))) == 3
    WorkingHours.objects.filter(therapist=cast.theo).delete()  # behind the back of the read model
    assert {slug for slug, _service, _times in told(found(wanted))} == {"tess", "uma"}


def test_nobody_is_found_whose_days_were_never_written(cast: Cast) -> None:
    assert AvailDay.objects.count() == 0
    assert told(found(asked())) == []


def test_a_sunday_without_an_hour_offers_no_time_in_it(cast: Cast) -> None:
    """On 29 March 2026 the clock in Berlin goes from 02:00 to 03:00."""
    sunday = date(2026, 3, 29)
    HoursOverride.objects.create(
        therapist=cast.tess, day=sunday, starts_minute=0, ends_minute=5 * 60
    )
    days.keep_ahead(NOW)
    (row,) = told(found(asked(first_day=sunday, last_day=sunday, windows=((90, 240),))))
    assert [f"{one.astimezone(cast.practice.tz):%H:%M}" for one in row[2]] == [
        "01:30",
        "01:45",
        "03:00",
        "03:15",
    ]


def test_two_rooms_that_are_half_free_are_no_room(cast: Cast) -> None:
    Need.objects.create(service=cast.swedish, kind="room")
    rooms = [
        Resource.objects.create(kind="room", practice=cast.practice, name=f"Room {number}")
        for number in range(2)
    ]
    for room, first, last in ((rooms[0], 9, 13), (rooms[1], 13, 17)):
        TimeOff.objects.create(
            resource=room,
            during=DateTimeTZRange(at(first, days=3), at(last, days=3)),
            created_by=cast.paz,
            created_at=NOW,
        )
    days.keep_ahead(NOW)
    monday = TODAY + 3 * ONE_DAY
    wanted = asked(technique="swedish", first_day=monday, last_day=monday, windows=((705, 780),))
    (tess_or_theo, *_others) = [
        row for row in told(found(wanted, practice=cast.practice)) if row[0] == "tess"
    ] or [None]
    # 11:45 would end at 12:55 with its clean-up; from 12:00 on it would need both rooms.
    assert tess_or_theo is not None
    assert [f"{one.astimezone(cast.practice.tz):%H:%M}" for one in tess_or_theo[2]] == ["11:45"]


def test_what_the_checkin_closes_is_not_found(cast: Cast) -> None:
    checkin = a_completed_checkin(cast.ana, practice=cast.practice, medicines=["anticoagulant"])
    person = Person(guided=guided(checkin, TODAY))
    assert person.guided is not None
    assert "deep_tissue" not in person.guided.bookable
    days.keep_ahead(NOW)
    mine = found(asked(technique="deep_tissue"), practice=cast.practice, person=person)
    assert told(mine) == []
    assert told(found(asked(technique="deep_tissue"), practice=cast.practice)) != []


def test_a_couple_is_booked_elsewhere(cast: Cast) -> None:
    Service.objects.filter(pk=cast.deep_tissue.pk).update(for_two=True)
    days.keep_ahead(NOW)
    assert told(found(asked(technique="deep_tissue"))) == []


def test_pages_follow_one_another_without_a_gap(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    a_world(0)
    whole = [(one.slug, one.service, one.times) for one in plain(asked())]
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    pages = [found(asked(page=number)) for number in (1, 2)]
    assert [row for page in pages for row in told(page)] == whole[:2]
    assert len(whole) > 2
    assert all(page.has_more for page in pages)
    assert not found(asked(page=search.LAST_PAGE)).has_more  # no list can be turned further


def test_features_are_those_that_a_service_takes_and_somebody_has(cast: Cast) -> None:
    assert search.features(None) == ()
    Need.objects.create(service=cast.swedish, kind="room", feature="heater")
    Need.objects.create(service=cast.swedish, kind="tool", feature="nobody_has_it")
    kept = Resource.objects.create(
        kind="room", practice=cast.practice, name="Room", features=["heater", "nobody_asks"]
    )
    assert search.features(None) == search.features(cast.practice) == ("heater",)
    assert search.features(cast.other_practice) == ()
    Resource.objects.filter(pk=kept.pk).update(active=False)
    assert search.features(None) == ()


def test_the_query_counts_the_same_points_as_the_rule(db: None) -> None:
    chance = random.Random(5)
    a_world(5)
    for therapist in Therapist.objects.all():
        therapist.review_bound = chance.choice([None, 1.0, 2.7001, 4.96])
        therapist.save(update_fields=["review_bound"])
    TechniqueCount.objects.update(sessions=60)
    for wanted in (
        asked(technique="swedish", place=HERE, radius=20),
        asked(technique="swedish", minutes=60, licence=True),
        asked(),
    ):
        source = Source(wanted, practice=None, person=NOBODY, now=NOW)
        ranked = source.candidates(None)
        assert ranked
        for one in ranked:
            assert one.points == rules.standing(
                verified=one.verified,
                step=one.step,
                stars=one.stars,
                halves=one.halves,
                radius=wanted.radius or 1,
            )
        text, values = search_stages.counting(wanted, practice=None, person=NOBODY, now=NOW)
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            assert cursor.fetchone() == (len(ranked),)


def test_the_steps_of_experience_are_those_of_the_directory() -> None:
    assert len(rules.EXPERIENCE) == len(directory_query.STEPS) + 1


@pytest.mark.parametrize("question", [QUESTIONS[3], QUESTIONS[4]])
def test_the_read_model_is_looked_up_by_its_key(db: None, question: dict[str, object]) -> None:
    """Where a table is small the planner may read it whole; it must have the better way."""
    a_world(1)
    plans: list[str] = []

    def explained(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if "book_availday" in sql:
            with connection.connection.cursor() as bare:
                bare.execute("SET LOCAL enable_seqscan = off")
                bare.execute("EXPLAIN " + sql, params)
                plans.append("\n".join(line for (line,) in bare.fetchall()))
        return execute(sql, params, many, context)

    wanted = asked(**question)
    source = Source(wanted, practice=None, person=NOBODY, now=NOW)
    ranked = source.candidates(None)
    with connection.execute_wrapper(explained):
        source.first_days(ranked)
    assert plans
    for plan in plans:
        assert "Seq Scan on book_availday" not in plan
        conditions = [line for line in plan.splitlines() if "Index Cond" in line]
        keys = ("resource_id", "practice_id")  # with the day: one row, or those of one practice
        assert any(key in line for line in conditions for key in keys), plan
