"""One constraint for people, rooms and tools, and the functions that compare before they insert."""

from django.db import migrations

LOCK_DAYS = """
CREATE FUNCTION book_lock_days(p_resources int[], p_practices bigint[], p_days date[])
RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM (
        SELECT 1 FROM unnest(p_resources, p_practices, p_days) k(resource, practice, day)
        JOIN book_resource r ON r.id = k.resource
        JOIN book_availday a ON a.market = r.market AND a.resource_id = k.resource
            AND a.practice_id = k.practice AND a.day = k.day
        ORDER BY a.resource_id, a.practice_id, a.day
        FOR NO KEY UPDATE OF a) locked
$$;
"""

# Compare: the rows are locked in their one order and looked at again after any wait. Swap: only
# then are the cells taken. A cell that must be free and is not is an ordinary answer, not an error.
# Whatever is taken has cells, and its market is told with them: no table is asked for it again.
TAKE = """
CREATE FUNCTION book_swap(
    p_markets int[], p_resources int[], p_practices bigint[], p_days date[], p_masks bit(312)[],
    p_musts boolean[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n int;
BEGIN
    SELECT count(*) INTO n FROM (
        SELECT 1 FROM unnest(p_markets, p_resources, p_practices, p_days, p_masks, p_musts)
            c(market, resource, practice, day, mask, must)
        JOIN book_availday a ON a.market = c.market AND a.resource_id = c.resource
            AND a.practice_id = c.practice AND a.day = c.day
        WHERE c.must AND (a.free & c.mask) = c.mask
        ORDER BY a.resource_id, a.practice_id, a.day
        FOR NO KEY UPDATE OF a) free;
    IF n <> (SELECT count(*) FROM unnest(p_musts) m WHERE m) THEN
        RETURN false;
    END IF;
    UPDATE book_availday a SET free = a.free & ~ c.mask
    FROM (SELECT market, resource, practice, day, bit_or(mask) AS mask
        FROM unnest(p_markets, p_resources, p_practices, p_days, p_masks)
            u(market, resource, practice, day, mask)
        GROUP BY market, resource, practice, day) c
    WHERE a.market = c.market AND a.resource_id = c.resource
        AND a.practice_id = c.practice AND a.day = c.day;
    RETURN true;
END $$;

CREATE FUNCTION book_take(
    p_appointment bigint, p_taken int[], p_during tstzrange[],
    p_markets int[], p_resources int[], p_practices bigint[], p_days date[], p_masks bit(312)[],
    p_musts boolean[])
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT book_swap(p_markets, p_resources, p_practices, p_days, p_masks, p_musts) THEN
        RETURN false;
    END IF;
    INSERT INTO book_allocation (market, resource_id, during, appointment_id)
    SELECT p_markets[array_position(p_resources, t.resource)], t.resource, t.during, p_appointment
    FROM unnest(p_taken, p_during) t(resource, during) ORDER BY t.resource;
    RETURN true;
END $$;

CREATE FUNCTION book_slot(
    p_key uuid, p_request uuid, p_therapist bigint, p_service bigint, p_checkin bigint,
    p_client bigint, p_status text, p_awaits text, p_start timestamptz, p_end timestamptz,
    p_held_until timestamptz, p_asked_from text, p_promised text, p_zone text, p_tzdata text,
    p_price int, p_currency text, p_note text, p_booked_at timestamptz, p_booked_by bigint,
    p_now timestamptz, p_pair uuid, p_series bigint, p_occurrence text,
    p_taken int[], p_during tstzrange[],
    p_markets int[], p_resources int[], p_practices bigint[], p_days date[], p_masks bit(312)[],
    p_musts boolean[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v bigint;
BEGIN
    IF p_request IS NOT NULL THEN
        SELECT id INTO v FROM book_appointment WHERE request_key = p_request;
        IF FOUND THEN RETURN v; END IF;
    END IF;
    IF NOT book_swap(p_markets, p_resources, p_practices, p_days, p_masks, p_musts) THEN
        RETURN NULL;
    END IF;
    INSERT INTO book_appointment (key, request_key, therapist_id, service_id, checkin_id,
        client_id, status, awaits, start, "end", held_until, asked_from, promised, zone, tzdata,
        price_minor, currency, note, booked_at, booked_by_id, changed_at, pair, series_id,
        occurrence, fee_minor, fee_waived, sequence)
    VALUES (p_key, p_request, p_therapist, p_service, p_checkin, p_client, p_status, p_awaits,
        p_start, p_end, p_held_until, p_asked_from, p_promised, p_zone, p_tzdata, p_price,
        p_currency, p_note, p_booked_at, p_booked_by, p_now, p_pair, p_series, p_occurrence,
        0, '', 0)
    RETURNING id INTO v;
    INSERT INTO book_allocation (market, resource_id, during, appointment_id)
    SELECT p_markets[array_position(p_resources, t.resource)], t.resource, t.during, v
    FROM unnest(p_taken, p_during) t(resource, during) ORDER BY t.resource;
    RETURN v;
END $$;

ALTER TABLE book_availday SET (fillfactor = 80);
"""

UNDO = """
DROP FUNCTION book_slot, book_take, book_swap, book_lock_days;
"""


class Migration(migrations.Migration):
    dependencies = [("book", "0003_carry_over")]
    operations = [
        migrations.RemoveConstraint(model_name="appointment", name="appointment_no_overlap"),
        migrations.RemoveField(model_name="appointment", name="blocked"),
        migrations.RunSQL(LOCK_DAYS + TAKE, UNDO),
    ]
