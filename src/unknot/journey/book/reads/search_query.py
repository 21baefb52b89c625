"""The queries of the search for free times, in parts.

Three of them: who fits and what they are worth before any calendar is opened; where the rooms and
tools of their practices are free; and the first day on which each has a free run. The last two look
rows of the read model up by their key, some for each candidate that is opened.

Units   kilometres; degrees; cells of five minutes of a local day; points of domain/calendar/search.
Errors  none.
Source  docs/explanation/search.md; the parts of the directory: choose/reads/directory_query.py
"""
# ruff: noqa: S608  # nothing but constants of these modules is put together

from typing import Final

from unknot.domain.calendar import search
from unknot.domain.calendar.cells import CELLS
from unknot.domain.reviews import UNREVIEWED
from unknot.journey.choose.reads import directory_query as directory

#: Places within the radius: the box has an index, the haversine formula keeps what lies within.
NEAR: Final = f"""l.latitude BETWEEN %(south)s AND %(north)s AND {{across}}
        AND {directory.KM} <= %(radius)s"""
BETWEEN: Final = "l.longitude BETWEEN %(west)s AND %(east)s"
ACROSS: Final = "(l.longitude >= %(west)s OR l.longitude <= %(east)s)"

#: The one service that is meant when several fit: the shortest, of these the cheapest.
ONE_OF_SEVERAL: Final = "(array_agg(s.id ORDER BY s.minutes, s.price_minor, s.id))[1]"
GROUPED: Final = "GROUP BY st.therapist_id, l.id, house.zone"

#: Whoever fits. OFFSET 0 keeps the look-up of each therapist apart, as in the directory.
FITS: Final = f"""
WITH found AS (
    SELECT st.therapist_id, l.id AS location_id, {{km}} AS km, {directory.TODAY} AS today,
        {{service}} AS service_id
    FROM people_location l
    JOIN people_practice house ON house.id = l.practice_id
    JOIN choose_service s ON s.practice_id = l.practice_id AND s.active AND NOT s.for_two
        {{offered}}
    JOIN choose_service_therapists st ON st.service_id = s.id
    WHERE {{near}} {{grouped}}
), fits AS (
    SELECT t.id, t.user_id, t.slug, t.practice_id, t.location_id, t.review_bound, x.service_id,
        x.km, x.today
    FROM found x
    CROSS JOIN LATERAL (
        SELECT * FROM choose_therapist WHERE id = x.therapist_id AND location_id = x.location_id
        OFFSET 0) t
    WHERE t.listed_since IS NOT NULL {{where}}
)"""

COUNTED: Final = f"{FITS} SELECT count(*) FROM fits"

HOLDS_VERIFIED: Final = directory.HOLDS_VERIFIED
#: The badge and the step of each who fits; the first is not asked of those it was a filter for.
VERIFIED: Final = HOLDS_VERIFIED.replace("t.id", "x.id")
STEP: Final = directory.STEP.replace("t.id", "x.id")
STARS: Final = f"floor(coalesce(x.review_bound, {UNREVIEWED.bound}) * 20)::int"

#: domain/calendar/search.standing in SQL; a test compares both.
POINTS: Final = f"""({search.VERIFIED} * x.verified::int
        + (ARRAY{list(search.EXPERIENCE)})[x.step + 1] + {search.TWENTIETH} * (x.stars - 20)
        + CASE WHEN x.halves IS NULL THEN 0
            ELSE {search.NEAR} - {search.NEAR} * x.halves / (2 * %(radius)s) END)"""

BEST: Final = f"""{FITS}, told AS (
    SELECT x.id, x.user_id, x.slug, x.practice_id, x.location_id, x.service_id,
        {{verified}} AS verified, {{step}} AS step, {STARS} AS stars,
        floor(x.km * 2 + 0.5)::int AS halves
    FROM fits x OFFSET 0
), best AS (
    SELECT x.*, {POINTS} AS points, md5(%(day)s || x.slug) AS turn
    FROM told x ORDER BY points DESC, turn LIMIT %(most)s
)
SELECT x.id, x.slug, x.practice_id, x.location_id, x.service_id, r.market, r.id,
    p.zone, p.step_minutes, p.notice_minutes, p.horizon_days, p.cleanup_past_closing,
    s.minutes, s.setup_minutes, s.cleanup_minutes, s.price_minor, p.currency,
    x.verified, x.step, x.stars, x.halves, x.points, x.turn
FROM best x
JOIN people_practice p ON p.id = x.practice_id
JOIN choose_service s ON s.id = x.service_id
LEFT JOIN book_resource r ON r.user_id = x.user_id
ORDER BY x.points DESC, x.turn
"""

_NONE: Final = f"repeat('0', {CELLS})::bit({CELLS})"


def _laid_over(steps: int, of: str, by: str) -> tuple[str, str]:
    """The doubling shifts as laterals, each computed once a row, and the name of the last one."""
    run, text = f"{of}.free", ""
    for step in range(1, steps + 1):
        text += (
            f"\nCROSS JOIN LATERAL (SELECT {run} & ({run} << {by}.s{step}) AS run OFFSET 0) r{step}"
        )
        run = f"r{step}.run"
    return text, run


def _shift_columns(steps: int) -> tuple[str, str]:
    """The arrays of shifts as parameters, and their names as columns."""
    numbers = range(1, steps + 1)
    values = "".join(f", %(s{step})s::int[]" for step in numbers)
    return values, "".join(f", s{step}" for step in numbers)


def first_days(steps: int) -> str:
    """The first day with a start that is wanted, of each candidate who has one."""
    values, names = _shift_columns(steps)
    laid, run = _laid_over(steps, "a", "c")
    return f"""
SELECT c.n, min(a.day)
FROM unnest(%(n)s::int[], %(market)s::int[], %(resource)s::int[], %(practice)s::bigint[],
    %(rule)s::int[], %(before)s::int[]{values})
    c(n, market, resource, practice, rule, before{names})
JOIN unnest(%(rules)s::int[], %(days)s::date[], %(masks)s::bit({CELLS})[]) m(rule, day, starts)
    ON m.rule = c.rule
JOIN book_availday a ON a.market = c.market AND a.resource_id = c.resource
    AND a.practice_id = c.practice AND a.day = m.day{laid}
WHERE (({run} >> c.before) & m.starts) <> {_NONE}
GROUP BY c.n
"""


def open_rooms(steps: int) -> str:
    """The cells at which a room or tool for each task is free as long as it takes, by day.

    Starts are put together and never free cells: two half-free rooms are not a room.
    """
    values, names = _shift_columns(steps)
    laid, run = _laid_over(steps, "a", "j")
    return f"""
SELECT j.n, a.day, bit_or({run} >> j.before)
FROM unnest(%(n)s::int[], %(practice)s::bigint[], %(location)s::bigint[], %(kind)s::text[],
    %(feature)s::text[], %(before)s::int[]{values})
    j(n, practice, location, kind, feature, before{names})
JOIN book_resource u ON u.practice_id = j.practice AND u.kind = j.kind AND u.active
    AND (j.feature = '' OR u.features @> ARRAY[j.feature]::varchar[])
    AND (u.location_id IS NULL OR u.location_id = j.location)
JOIN book_availday a ON a.market = u.market AND a.resource_id = u.id
    AND a.practice_id = j.practice AND a.day = ANY(%(days)s::date[]){laid}
GROUP BY j.n, a.day
"""
