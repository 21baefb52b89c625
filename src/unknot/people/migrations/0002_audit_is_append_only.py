"""The audit table only grows: a trigger refuses to change, delete or empty it."""

from django.db import migrations

GUARD = """
CREATE FUNCTION people_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit table only grows' USING ERRCODE = 'restrict_violation',
        CONSTRAINT = 'auditentry_append_only';
END $$;
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE ON people_auditentry
    FOR EACH ROW EXECUTE FUNCTION people_audit_is_append_only();
CREATE TRIGGER auditentry_never_emptied BEFORE TRUNCATE ON people_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION people_audit_is_append_only();
"""
UNGUARD = """
DROP TRIGGER auditentry_never_emptied ON people_auditentry;
DROP TRIGGER auditentry_append_only ON people_auditentry;
DROP FUNCTION people_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
