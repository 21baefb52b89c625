"""Somebody of the practice makes sure that the emergency number and the help lines are right."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_consent_per_answer_group")]
    operations = [
        migrations.AddField(
            model_name="practice",
            name="numbers_checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="numbers_checked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
