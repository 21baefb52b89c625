import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE FUNCTION follow_aims_are_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what somebody aimed at stays as it was chosen' USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'aim_is_kept';
END $$;
CREATE TRIGGER aim_is_kept BEFORE UPDATE ON follow_aim
    FOR EACH ROW EXECUTE FUNCTION follow_aims_are_kept();
"""
UNGUARD = """
DROP TRIGGER aim_is_kept ON follow_aim;
DROP FUNCTION follow_aims_are_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("follow", "0007_routines")]

    operations = [
        migrations.CreateModel(
            name="Aim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("pain", "Pain"),
                            ("stiffness", "Stiffness"),
                            ("stress", "Stress"),
                            ("sleep", "Sleep"),
                            ("mood", "Mood"),
                        ],
                        max_length=10,
                    ),
                ),
                ("worth", models.SlugField(max_length=20)),
                ("points", models.DecimalField(decimal_places=1, max_digits=3)),
                ("version", models.PositiveSmallIntegerField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="people.client"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("client", "chosen_at"), name="aim_one_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0), ("points__lte", 10)),
                        name="aim_worth_is_of_the_scale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["pain", "stiffness", "stress", "sleep", "mood"])
                        ),
                        name="aim_of_five",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
