"""The same functions one row at a time, and no index that nobody reads.

A function that joins its arrays is planned anew at every call, which took longer than the booking
itself; statements on one row keep their plan.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Compare and swap in one statement a day, in the order of the rows' locks. A cell that must be
# free and is not is an ordinary answer: what was taken before it is given back as it was. Clean-up
# past closing and the calendars of other practices need not be free; they come last.
SWAP = """
CREATE OR REPLACE FUNCTION book_swap(
    p_markets int[], p_resources int[], p_practices bigint[], p_days date[], p_masks bit(312)[],
    p_musts boolean[])
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. coalesce(array_length(p_days, 1), 0) LOOP
        CONTINUE WHEN NOT p_musts[i];
        UPDATE book_availday SET free = free & ~ p_masks[i]
        WHERE market = p_markets[i] AND resource_id = p_resources[i]
            AND practice_id = p_practices[i] AND day = p_days[i]
            AND (free & p_masks[i]) = p_masks[i];
        IF NOT FOUND THEN
            FOR j IN 1 .. i - 1 LOOP
                CONTINUE WHEN NOT p_musts[j];
                UPDATE book_availday SET free = free | p_masks[j]
                WHERE market = p_markets[j] AND resource_id = p_resources[j]
                    AND practice_id = p_practices[j] AND day = p_days[j];
            END LOOP;
            RETURN false;
        END IF;
    END LOOP;
    FOR i IN 1 .. coalesce(array_length(p_days, 1), 0) LOOP
        CONTINUE WHEN p_musts[i];
        UPDATE book_availday SET free = free & ~ p_masks[i]
        WHERE market = p_markets[i] AND resource_id = p_resources[i]
            AND practice_id = p_practices[i] AND day = p_days[i];
    END LOOP;
    RETURN true;
END $$;
"""

ALLOCATE = """
CREATE OR REPLACE FUNCTION book_allocate(
    p_appointment bigint, p_taken int[], p_during tstzrange[], p_markets int[], p_resources int[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. array_length(p_taken, 1) LOOP
        INSERT INTO book_allocation (market, resource_id, during, appointment_id)
        VALUES (p_markets[array_position(p_resources, p_taken[i])], p_taken[i], p_during[i],
            p_appointment);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION book_take(
    p_appointment bigint, p_taken int[], p_during tstzrange[],
    p_markets int[], p_resources int[], p_practices bigint[], p_days date[], p_masks bit(312)[],
    p_musts boolean[])
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF NOT book_swap(p_markets, p_resources, p_practices, p_days, p_masks, p_musts) THEN
        RETURN false;
    END IF;
    PERFORM book_allocate(p_appointment, p_taken, p_during, p_markets, p_resources);
    RETURN true;
END $$;

CREATE OR REPLACE FUNCTION book_slot(
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
    PERFORM book_allocate(v, p_taken, p_during, p_markets, p_resources);
    RETURN v;
END $$;
"""

# How many rows differs from call to call; one plan serves them all.
LOCK_DAYS = """
CREATE OR REPLACE FUNCTION book_lock_days(p_resources int[], p_practices bigint[], p_days date[])
RETURNS bigint LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE n bigint;
BEGIN
    SELECT count(*) INTO n FROM (
        SELECT 1 FROM unnest(p_resources, p_practices, p_days) k(resource, practice, day)
        JOIN book_resource r ON r.id = k.resource
        JOIN book_availday a ON a.market = r.market AND a.resource_id = k.resource
            AND a.practice_id = k.practice AND a.day = k.day
        ORDER BY a.resource_id, a.practice_id, a.day
        FOR NO KEY UPDATE OF a) locked;
    RETURN n;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0005_the_rule_it_was_booked_under"),
        ("choose", "0005_services_for_two"),
        ("people", "0007_search_by_name"),
        ("understand", "0007_aims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(SWAP + ALLOCATE + LOCK_DAYS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="appointment",
            name="booked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="client",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="people.client",
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="series",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="book.series",
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="service",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="choose.service"
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="therapist",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="choose.therapist"
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("series__isnull", False)),
                fields=["series"],
                name="appointment_of_series",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("pair__isnull", False)),
                fields=["pair"],
                name="appointment_of_couple",
            ),
        ),
    ]
