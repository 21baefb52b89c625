"""A signed note stays as it was signed: triggers guard the note and everything that hangs on it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION care_session_signed_note_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a signed note is only amended' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'sessionnote_signed_is_immutable';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sessionnote_signed_is_immutable BEFORE UPDATE OR DELETE ON care_session_sessionnote
    FOR EACH ROW EXECUTE FUNCTION care_session_signed_note_is_immutable();

CREATE FUNCTION care_session_part_of_signed_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    notes bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN notes := ARRAY[NEW.note_id];
    ELSIF TG_OP = 'DELETE' THEN notes := ARRAY[OLD.note_id];
    ELSE notes := ARRAY[OLD.note_id, NEW.note_id];
    END IF;
    IF EXISTS (
        SELECT 1 FROM care_session_sessionnote
        WHERE id = ANY(notes) AND signed_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a signed note is only amended' USING ERRCODE = 'restrict_violation',
            CONSTRAINT = 'sessionnote_signed_is_immutable';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER treatment_of_signed_note BEFORE INSERT OR UPDATE OR DELETE
    ON care_session_treatment FOR EACH ROW EXECUTE FUNCTION care_session_part_of_signed_note();
CREATE TRIGGER therapistmark_of_signed_note BEFORE INSERT OR UPDATE OR DELETE
    ON care_session_therapistmark FOR EACH ROW EXECUTE FUNCTION care_session_part_of_signed_note();

CREATE FUNCTION care_session_amendment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an amendment stays as it was written' USING ERRCODE = 'restrict_violation',
        CONSTRAINT = 'amendment_is_immutable';
END $$;
CREATE TRIGGER amendment_is_immutable BEFORE UPDATE OR DELETE ON care_session_amendment
    FOR EACH ROW EXECUTE FUNCTION care_session_amendment_stays();
"""
UNGUARD = """
DROP TRIGGER amendment_is_immutable ON care_session_amendment;
DROP FUNCTION care_session_amendment_stays();
DROP TRIGGER therapistmark_of_signed_note ON care_session_therapistmark;
DROP TRIGGER treatment_of_signed_note ON care_session_treatment;
DROP FUNCTION care_session_part_of_signed_note();
DROP TRIGGER sessionnote_signed_is_immutable ON care_session_sessionnote;
DROP FUNCTION care_session_signed_note_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("care_session", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
