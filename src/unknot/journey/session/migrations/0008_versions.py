"""Every save of a note leaves a version: written once, and never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER noteversion_is_immutable BEFORE UPDATE OR DELETE ON care_session_noteversion
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();
"""
UNGUARD = "DROP TRIGGER noteversion_is_immutable ON care_session_noteversion;"


class Migration(migrations.Migration):
    dependencies = [
        ("care_session", "0007_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("saved_at", models.DateTimeField()),
                ("content", models.JSONField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="care_session.sessionnote",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("note", "revision"), name="noteversion_once")
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
