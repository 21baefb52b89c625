"""Sharing is asked per answer group: who shared safety and body together still shares both."""

from django.db import migrations, models


def share_safety_as_before(apps, schema_editor):
    """Version 1 of the text was about both groups, so the second row carries its day and version."""
    consents = apps.get_model("people", "Consent").objects.filter(withdrawn_at__isnull=True)
    known = set(consents.filter(purpose="share_safety").values_list("client_id", flat=True))
    consents.bulk_create(
        consents.model(
            client_id=row.client_id,
            purpose="share_safety",
            version=row.version,
            given_at=row.given_at,
        )
        for row in consents.filter(purpose="share_body").exclude(client_id__in=known)
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0002_audit_is_append_only")]
    operations = [
        migrations.AlterField(
            model_name="consent",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("care", "Keep and use my answers"),
                    ("share_safety", "My therapist sees my safety answers"),
                    ("share_body", "My therapist sees my marks, story and pain scores"),
                    ("share_mind", "My therapist sees my mood, worry, stress and sleep scores"),
                ],
                max_length=20,
            ),
        ),
        # Going back keeps the rows: an older program does not look at them.
        migrations.RunPython(share_safety_as_before, migrations.RunPython.noop),
    ]
