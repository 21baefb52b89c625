from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Names are found without accents and with slips; both extensions are trusted ones."""

    dependencies = [("people", "0006_booking_policies")]

    operations = [TrigramExtension(), UnaccentExtension()]
