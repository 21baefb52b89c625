"""A credential belongs to a therapist, a roster row to nobody; counts follow the sessions."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

COUNT = """
CREATE FUNCTION choose_count_technique() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE choose_techniquecount SET sessions = sessions - 1
        WHERE therapist_id = OLD.therapist_id AND technique = OLD.technique;
        RETURN OLD;
    END IF;
    INSERT INTO choose_techniquecount (therapist_id, technique, sessions)
    VALUES (NEW.therapist_id, NEW.technique, 1)
    ON CONFLICT (therapist_id, technique)
    DO UPDATE SET sessions = choose_techniquecount.sessions + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER experience_is_counted AFTER INSERT OR DELETE ON choose_experience
    FOR EACH ROW EXECUTE FUNCTION choose_count_technique();
"""
UNCOUNT = """
DROP TRIGGER experience_is_counted ON choose_experience;
DROP FUNCTION choose_count_technique();
"""
DECISIONS = """
CREATE FUNCTION choose_decision_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.review_id IS NULL
       AND (NEW.decision, NEW.reason, NEW.decided_by_id, NEW.decided_at)
           = (OLD.decision, OLD.reason, OLD.decided_by_id, OLD.decided_at) THEN
        RETURN NEW;  -- the review itself is gone; what was decided stays
    END IF;
    RAISE EXCEPTION 'the log of decisions only grows' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE ON choose_moderationdecision
    FOR EACH ROW EXECUTE FUNCTION choose_decision_stays();
"""
UNDECIDE = """
DROP TRIGGER decision_stays ON choose_moderationdecision;
DROP FUNCTION choose_decision_stays();
"""
#: What is staged is in the file too, so a crash of the server may forget it: half the writing.
UNLOGGED = "ALTER TABLE choose_rosterstaged SET UNLOGGED"
LOGGED = "ALTER TABLE choose_rosterstaged SET LOGGED"


class Migration(migrations.Migration):
    dependencies = [("choose", "0003_carry_over")]

    operations = [
        migrations.RemoveConstraint(
            model_name="credential",
            name="credential_once_per_source_row",
        ),
        migrations.RemoveField(
            model_name="credential",
            name="raw",
        ),
        migrations.RemoveField(
            model_name="credential",
            name="source_key",
        ),
        migrations.AlterField(
            model_name="credential",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AlterField(
            model_name="review",
            name="changed_at",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="credential",
            name="therapist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="credentials",
                to="choose.therapist",
            ),
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("method", "self"),
                    models.Q(("checked_by__isnull", False), ("checked_on__isnull", False)),
                    _connector="OR",
                ),
                name="credential_check_has_a_day_and_a_person",
            ),
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.RunSQL(DECISIONS, UNDECIDE),
        migrations.RunSQL(UNLOGGED, LOGGED),
    ]
