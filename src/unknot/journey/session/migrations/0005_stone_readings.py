"""Readings of heated stones: written once, and only while the record is not signed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE FUNCTION care_session_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% stays as it was written', TG_TABLE_NAME USING
        ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER stonereading_is_immutable BEFORE UPDATE OR DELETE ON care_session_stonereading
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();

CREATE FUNCTION care_session_reading_of_signed_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM care_session_sessionnote
        WHERE appointment_id = NEW.appointment_id AND signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a signed note is only amended' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'sessionnote_signed_is_immutable';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stonereading_of_signed_note BEFORE INSERT ON care_session_stonereading
    FOR EACH ROW EXECUTE FUNCTION care_session_reading_of_signed_note();
"""
UNGUARD = """
DROP TRIGGER stonereading_of_signed_note ON care_session_stonereading;
DROP FUNCTION care_session_reading_of_signed_note();
DROP TRIGGER stonereading_is_immutable ON care_session_stonereading;
DROP FUNCTION care_session_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0006_quicker"),
        ("care_session", "0004_own_phrases_and_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StoneReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bath_c",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "skin_c",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
                ),
                (
                    "skin",
                    models.CharField(
                        choices=[
                            ("ordinary", "No reason for a lower limit"),
                            ("older_or_thin", "Older or thin skin"),
                            ("dulled", "Heat is felt less"),
                        ],
                        max_length=13,
                    ),
                ),
                ("limit_c", models.PositiveSmallIntegerField()),
                ("measured_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stone_readings",
                        to="book.appointment",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["appointment", "measured_at"], name="stonereading_by_session"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bath_c__isnull", False), ("skin_c__isnull", False), _connector="OR"
                        ),
                        name="stonereading_measures_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("skin_c__isnull", True),
                            ("skin_c__lte", models.F("limit_c")),
                            _connector="OR",
                        ),
                        name="stonereading_skin_within_its_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bath_c__isnull", True), ("bath_c__range", (0, 100)), _connector="OR"
                        ),
                        name="stonereading_bath_is_water",
                    ),
                    models.UniqueConstraint(
                        fields=("appointment", "measured_at", "bath_c", "skin_c"),
                        name="stonereading_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
