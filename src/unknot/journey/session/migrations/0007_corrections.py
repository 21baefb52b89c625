"""Requests to correct a record, and their answers: both stay as they were written."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER correctionrequest_is_immutable BEFORE UPDATE OR DELETE
    ON care_session_correctionrequest
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();
CREATE TRIGGER correctionanswer_is_immutable BEFORE UPDATE OR DELETE
    ON care_session_correctionanswer
    FOR EACH ROW EXECUTE FUNCTION care_session_written_once();
"""
UNGUARD = """
DROP TRIGGER correctionanswer_is_immutable ON care_session_correctionanswer;
DROP TRIGGER correctionrequest_is_immutable ON care_session_correctionrequest;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("care_session", "0006_incidents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(max_length=5000)),
                ("at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="care_session.sessionnote",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CorrectionAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("accepted", models.BooleanField()),
                ("text", models.TextField(max_length=5000)),
                (
                    "amendment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="care_session.amendment",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answer",
                        to="care_session.correctionrequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted", True), ("amendment__isnull", False)),
                            models.Q(("accepted", False), ("amendment__isnull", True)),
                            _connector="OR",
                        ),
                        name="correctionanswer_amends_when_accepted",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
