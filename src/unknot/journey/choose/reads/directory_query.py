"""The query of the directory, in parts: what is verified, what is open, how far, in which order.

Every part is a constant; what a reader chose comes in as values. The rules are those of
domain/credentials, said once more in SQL, and tests compare both over many credentials.

Units   kilometres; degrees; minor units of a currency.
Errors  none.
Source  domain/credentials/standing.py and required.py; the haversine formula for distances
"""
# ruff: noqa: S608  # nothing but constants of this module is put together

from collections.abc import Mapping
from typing import Any, Final

from unknot.domain.credentials import required, standing
from unknot.domain.credentials.matching import PRIMARY
from unknot.domain.reviews import UNREVIEWED
from unknot.journey.choose.reads.places import EARTH_KM

#: From how many signed sessions a step begins: more is not endlessly better.
STEPS: Final = (1, 10, 50)

CREDENTIAL_VALUES: Final[Mapping[str, Any]] = {
    "primary": sorted(PRIMARY),
    "needed": sorted(standing.NEEDED),
    "run_out": sorted(standing.RUN_OUT),
    "forbidden": sorted(standing.FORBIDDEN),
    "leave": list(required.LEAVE),
    "badge_kinds": sorted(standing.BADGE_KINDS),
    "looked_at": sorted(required.LOOKED_AT),
}

#: The local day of a practice: a badge goes at its midnight, wherever the reader is.
TODAY: Final = "(%(now)s::timestamptz AT TIME ZONE house.zone)::date"

#: standing.verified in SQL, for a day; a test compares both over many credentials.
VERIFIED: Final = """c.kind = ANY(%(badge_kinds)s) AND c.status = 'active'
        AND c.number <> '' AND c.matched @> %(needed)s::varchar[]
        AND c.checked_on BETWEEN {day} - %(check_days)s AND {day}
        AND (c.expires_on IS NULL OR c.expires_on >= {day})
        AND (c.method = 'register' OR (c.method = 'roster' AND c.source = ANY(%(primary)s)))"""
#: A credential that earns somebody the badge, on the day of their practice.
BADGE: Final = VERIFIED.format(day="x.today")

#: standing.is_valid in SQL, for a day.
VALID: Final = """c.status <> ALL(%(forbidden)s) AND c.status <> ALL(%(run_out)s)
        AND (c.issued_on IS NULL OR c.issued_on <= {day})
        AND (c.expires_on IS NULL OR c.expires_on >= {day})"""

VALID_NOW: Final = VALID.format(day="x.today")

#: Whom a register forbids to work, in whichever practice they told it: few, and found by an index.
BANNED: Final = """banned AS MATERIALIZED (
    SELECT same.user_id FROM choose_credential f
    JOIN choose_therapist same ON same.id = f.therapist_id
    WHERE f.kind = ANY(%(leave)s) AND f.status = ANY(%(forbidden)s)
)"""

#: What the credentials of one therapist amount to on the day. OFFSET 0 keeps the inner part apart,
#: so that each question is asked once of each credential.
HELD: Final = f"""
    SELECT coalesce(bool_or(c.verified), false) AS verified,
        coalesce(array_agg(c.kind) FILTER (WHERE c.leave), '{{{{}}}}') AS has,
        coalesce(array_agg(c.kind) FILTER (WHERE c.leave AND c.looked), '{{{{}}}}') AS looked,
        coalesce(array_agg(c.kind) FILTER (WHERE c.valid), '{{{{}}}}') AS valid,
        coalesce(array_agg(c.kind) FILTER (WHERE c.valid AND c.looked), '{{{{}}}}') AS seen
    FROM (
        SELECT c.kind, {BADGE} AS verified, c.kind = ANY(%(leave)s) AS leave,
            c.method = ANY(%(looked_at)s) AS looked,
            {VALID_NOW} AS valid
        FROM choose_credential c WHERE c.therapist_id = t.id OFFSET 0) c"""

#: Who has the badge, looked at before everything else is put together.
HOLDS_VERIFIED: Final = f"""EXISTS (
        SELECT 1 FROM choose_credential c WHERE c.therapist_id = t.id AND {BADGE})"""

#: Whether some day that can be booked is open: today, or one on which a credential begins.
OPEN: Final = f"""CASE WHEN t.forbidden THEN false
        WHEN t.has <@ t.valid AND t.looked <@ t.seen AND p.required_credentials <@
            CASE WHEN p.required_checked THEN t.seen ELSE t.valid END THEN true
        ELSE EXISTS (SELECT 1 FROM choose_credential begins
            WHERE begins.therapist_id = t.id AND begins.issued_on > t.today
                AND begins.issued_on <= t.today + p.horizon_days
                AND NOT EXISTS (SELECT 1 FROM unnest(t.has || p.required_credentials) AS must(be)
                    WHERE NOT EXISTS (SELECT 1 FROM choose_credential c
                        WHERE c.therapist_id = t.id AND c.kind = must.be
                            AND {VALID.format(day="begins.issued_on")}
                            AND (c.method = ANY(%(looked_at)s)
                                OR NOT (must.be = ANY(t.looked) OR (p.required_checked
                                    AND must.be = ANY(p.required_credentials))))))) END"""

_OFFERS: Final = """min(s.price_minor) AS price,
            coalesce(bool_or(%(anybody)s OR s.technique = ANY(%(open)s)), false) AS can"""

#: Who offers something that fits, found from the places and their practices' services. OFFSET 0
#: keeps the look-up of each therapist apart: few are left, and the table need not be read whole.
OFFERING: Final = f"""(
        SELECT st.therapist_id, l.id AS location_id, l.step_free, {{km}} AS km,
            {TODAY} AS today, {_OFFERS}
        FROM people_location l
        JOIN people_practice house ON house.id = l.practice_id
        JOIN choose_service s ON s.practice_id = l.practice_id AND s.active {{offered}}
        JOIN choose_service_therapists st ON st.service_id = s.id
        WHERE {{near}}
        GROUP BY st.therapist_id, l.id, house.zone) x
    CROSS JOIN LATERAL (
        SELECT * FROM choose_therapist WHERE id = x.therapist_id AND location_id = x.location_id
        OFFSET 0) t"""

#: Everybody, those who offer nothing included.
EVERYBODY: Final = f"""choose_therapist t
    JOIN people_location l ON l.id = t.location_id AND {{near}}
    JOIN people_practice house ON house.id = t.practice_id
    CROSS JOIN LATERAL (
        SELECT l.step_free, {{km}} AS km, {TODAY} AS today,
            {_OFFERS}
        FROM choose_service s
        JOIN choose_service_therapists st ON st.service_id = s.id AND st.therapist_id = t.id
        WHERE s.practice_id = t.practice_id AND s.active) x"""

KM: Final = f"""CASE WHEN l.latitude IS NOT NULL THEN 2 * {EARTH_KM} * asin(least(1.0, sqrt(
        sin(radians(l.latitude - %(latitude)s) / 2) ^ 2
        + cos(radians(%(latitude)s)) * cos(radians(l.latitude))
            * sin(radians(l.longitude - %(longitude)s) / 2) ^ 2))) END"""

STEP: Final = f"""coalesce((SELECT width_bucket(n.sessions, ARRAY{list(STEPS)})
        FROM choose_techniquecount n
        WHERE n.therapist_id = t.id AND n.technique = %(technique)s), 0)"""

#: The bound for any number of reviews, none included: so one more good review never moves down.
#: Two fives are bound by 2.7001 and two hundred with a mean of three by 2.7722 at least: coarser
#: steps than twentieths would let them stand level.
STARS: Final = f"floor(coalesce(t.review_bound, {UNREVIEWED.bound}) * 20) / 20"

#: Who fits; then, of those alone, the keys.
FITS: Final = f"""
WITH {BANNED}, fits AS MATERIALIZED (
    SELECT t.id, t.slug, t.practice_id, t.review_count, t.review_bound, x.km, x.price, x.can,
        x.today, t.user_id IN (SELECT user_id FROM banned) AS forbidden, held.*
    FROM {{people}}
    CROSS JOIN LATERAL ({HELD}) held
    WHERE {{where}}
)"""

CHEAPEST: Final = 'price IS NULL, currency <> %(currency)s, currency COLLATE "C", price, '

FOUND: Final = f"""{FITS}, found AS (
    SELECT t.id, t.slug, t.can AND {OPEN} AS bookable, t.verified, {{step}} AS step,
        {STARS} AS stars, floor(t.km * 2 + 0.5) / 2 AS km, p.currency, t.price
    FROM fits t JOIN people_practice p ON p.id = t.practice_id WHERE {{currency}}
)
SELECT found.*, (SELECT count(*) FROM found)
FROM found
ORDER BY {{before}}bookable DESC, verified DESC, step DESC, stars DESC, km NULLS LAST,
    md5(%(day)s || slug)
LIMIT %(size)s
OFFSET CASE WHEN %(skip)s < (SELECT count(*) FROM found) THEN %(skip)s ELSE 0 END
"""

COUNTED: Final = f"""{FITS}
SELECT count(*) FROM fits t JOIN people_practice p ON p.id = t.practice_id WHERE {{currency}}"""
