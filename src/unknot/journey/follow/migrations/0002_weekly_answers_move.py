"""The weekly answers move to the follow-ups; each day says in which version it was asked."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models

#: What the columns of a day ask; there has been one version of each, in English.
DAILY = {"pain": "pain_nrs", "stress": "stress_nrs", "sleep": "sleep_nrs"}
PEG = ("peg_p", "peg_e", "peg_g")


def move(apps: Apps, _editor: Any) -> None:
    """Copy every weekly row with its score, and name the versions of days that were answered."""

    def rows(model: str) -> Any:
        return apps.get_model(model)._default_manager

    for week in rows("follow.WeeklyCheckIn").order_by("pk").iterator():
        followup = rows("understand.FollowUp").create(
            client_id=week.client_id, battery="weekly", day=week.day, answered_at=week.answered_at
        )
        for item in PEG:
            rows("understand.Answer").create(
                followup=followup,
                instrument="peg",
                item=item,
                value=getattr(week, item),
                version=week.version,
                language="en",
                answered_at=week.answered_at,
            )
        rows("understand.InstrumentScore").create(
            followup=followup, instrument="peg", version=week.version, value=week.score
        )
    for day in rows("follow.DailyCheckIn").filter(series__isnull=True).iterator():
        answered = [name for column, name in DAILY.items() if getattr(day, column) is not None]
        day.versions, day.language = dict.fromkeys(answered, 1), "en"
        day.save(update_fields=["versions", "language"])


class Migration(migrations.Migration):
    dependencies = [
        ("follow", "0001_tables"),
        ("understand", "0004_one_place_each"),
    ]

    operations = [
        migrations.AddField(
            model_name="dailycheckin",
            name="versions",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="dailycheckin",
            name="language",
            field=models.CharField(blank=True, default="", max_length=8),
            preserve_default=False,
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
