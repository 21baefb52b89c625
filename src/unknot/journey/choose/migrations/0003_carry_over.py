"""Carry over what there is: roster rows become evidence, checks say what matched, sums are kept."""

import math
import uuid

from django.db import migrations

#: The bound of domain/reviews.py as it was when this ran; the next change of a review renews it.
PRIOR, Z = (1, 1, 1, 1, 1), 1.6449


def roster_rows(apps, schema_editor):
    """Keep each row that belonged to nobody as a roster entry; the next import renews its keys."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO choose_rosterentry (source, source_key, holder, name_key, number,
                number_key, jurisdiction, kind, title, status, discipline, raw, read_on)
            SELECT source, source_key, holder,
                   lower(regexp_replace(holder, '[^[:alnum:]]', '', 'g')), number,
                   lower(regexp_replace(number, '[^[:alnum:]]', '', 'g')),
                   jurisdiction, kind, title, 'unknown', 'unknown', raw, current_date
            FROM choose_credential WHERE therapist_id IS NULL AND source_key <> ''
            """
        )
        cursor.execute("DELETE FROM choose_credential WHERE therapist_id IS NULL")


def checks(apps, schema_editor):
    """Give each credential its key; a look into a register was at name and number."""
    credentials = apps.get_model("choose", "Credential")
    for pk in credentials.objects.values_list("pk", flat=True):
        credentials.objects.filter(pk=pk).update(key=uuid.uuid4())
    credentials.objects.filter(method="register").update(matched=["number", "name"])
    unsigned = credentials.objects.exclude(method="self").filter(checked_by__isnull=True)
    unsigned.update(method="self", status="unknown")
    undated = credentials.objects.exclude(method="self").filter(checked_on__isnull=True)
    undated.update(method="self", status="unknown")


def reviews(apps, schema_editor):
    """What was written was public at once; sum it up for each therapist."""
    review = apps.get_model("choose", "Review")
    for one in review.objects.all():
        one.changed_at = one.published_at = one.written_at
        one.save(update_fields=["changed_at", "published_at"])
    for therapist in apps.get_model("choose", "Therapist").objects.all():
        stars = list(review.objects.filter(therapist=therapist).values_list("overall", flat=True))
        therapist.review_count = len(stars)
        therapist.review_bound = _bound(stars) if stars else None
        therapist.save(update_fields=["review_count", "review_bound"])


def _bound(stars):
    counts = [PRIOR[n - 1] + stars.count(n) for n in range(1, 6)]
    total = sum(counts)
    mean = sum(n * count for n, count in enumerate(counts, 1)) / total
    square = sum(n * n * count for n, count in enumerate(counts, 1)) / total
    return mean - Z * math.sqrt((square - mean * mean) / (total + 1))


def techniques(apps, schema_editor):
    """Count the signed sessions there are."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO choose_techniquecount (therapist_id, technique, sessions)
            SELECT therapist_id, technique, count(*) FROM choose_experience GROUP BY 1, 2
            """
        )


class Migration(migrations.Migration):
    dependencies = [("choose", "0002_rosters_checks_documents_reviews")]
    operations = [
        migrations.RunPython(roster_rows, migrations.RunPython.noop),
        migrations.RunPython(checks, migrations.RunPython.noop),
        migrations.RunPython(reviews, migrations.RunPython.noop),
        migrations.RunPython(techniques, migrations.RunPython.noop),
    ]
