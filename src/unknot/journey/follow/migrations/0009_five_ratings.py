import django.db.models.deletion
from django.db import migrations, models

RATINGS = ("pain", "stiffness", "stress", "sleep", "mood")


def in_range():
    found = models.Q()
    for name in RATINGS:
        empty = models.Q(**{f"{name}__isnull": True})
        found &= models.Q(empty | models.Q(**{f"{name}__range": (0, 10)}))
    return found


def rating():
    return models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True)


def forget_the_hour_of_files(apps, schema_editor):
    """An imported day had the hour of its import, which says nothing about the person."""
    days = apps.get_model("follow", "DailyCheckIn").objects
    days.filter(series__isnull=False).update(answered_at=None)


def the_hour_of_the_import(apps, schema_editor):
    days = apps.get_model("follow", "DailyCheckIn").objects
    imported_at = models.Subquery(
        apps.get_model("follow", "SeriesImport")
        .objects.filter(pk=models.OuterRef("series"))
        .values("imported_at")
    )
    days.filter(answered_at__isnull=True).update(answered_at=imported_at)


class Migration(migrations.Migration):
    dependencies = [
        ("book", "0007_planned_session"),
        ("follow", "0008_aim"),
        ("people", "0009_not_invited"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="dailycheckin", name="dailycheckin_0_to_10"),
        migrations.AddField("dailycheckin", "stiffness", rating()),
        migrations.AddField("dailycheckin", "mood", rating()),
        migrations.AddField(
            "dailycheckin", "painkillers", models.BooleanField(blank=True, null=True)
        ),
        migrations.AlterField(
            "dailycheckin", "answered_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunPython(forget_the_hour_of_files, the_hour_of_the_import),
        migrations.AddConstraint(
            "dailycheckin",
            models.CheckConstraint(condition=in_range(), name="dailycheckin_0_to_10"),
        ),
        migrations.AddConstraint(
            "dailycheckin",
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=False) | models.Q(series__isnull=False),
                name="dailycheckin_own_has_its_hour",
            ),
        ),
        migrations.CreateModel(
            name="DoorCheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *((name, rating()) for name in RATINGS),
                ("painkillers", models.BooleanField(blank=True, null=True)),
                ("versions", models.JSONField(blank=True, default=dict)),
                ("language", models.CharField(blank=True, max_length=8)),
                ("answered_at", models.DateTimeField()),
                (
                    "appointment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="book.appointment",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="people.client"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="follow.seriesimport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "answered_at"), name="doorcheckin_once"
                    ),
                    models.CheckConstraint(condition=in_range(), name="doorcheckin_0_to_10"),
                    models.CheckConstraint(
                        condition=models.Q(appointment__isnull=True, series__isnull=False)
                        | models.Q(appointment__isnull=False, series__isnull=True),
                        name="doorcheckin_of_an_appointment_or_a_file",
                    ),
                ],
            },
        ),
    ]
