from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("follow", "0002_weekly_answers_move")]

    operations = [migrations.DeleteModel(name="WeeklyCheckIn")]
