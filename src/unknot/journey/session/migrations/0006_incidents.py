"""Incidents and what was done about them: only ever added to."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER adverseevent_is_immutable BEFORE UPDATE OR DELETE ON care_session_adverseevent
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();
CREATE TRIGGER adverseevententry_is_immutable BEFORE UPDATE OR DELETE
    ON care_session_adverseevententry
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();
"""
UNGUARD = """
DROP TRIGGER adverseevententry_is_immutable ON care_session_adverseevententry;
DROP TRIGGER adverseevent_is_immutable ON care_session_adverseevent;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0006_quicker"),
        ("care_session", "0005_stone_readings"),
        ("people", "0007_search_by_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdverseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("what", models.TextField(max_length=5000)),
                ("noticed_on", models.DateField()),
                ("noticed_time", models.TimeField(blank=True, null=True)),
                ("written_at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="book.appointment"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.client"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.practice"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AdverseEventEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("grade", models.CharField(max_length=40)),
                ("text", models.TextField(max_length=5000)),
                ("closes", models.BooleanField(default=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="care_session.adverseevent",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="adverseevent",
            index=models.Index(fields=["practice", "-written_at"], name="adverseevent_newest"),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
