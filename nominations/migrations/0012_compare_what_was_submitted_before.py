from django.db import migrations
from django.utils import timezone

WITH_A_UNIT = ("submitted", "returned", "recommended")


def owe_comparisons(apps, schema_editor):
    """What was submitted before entries were compared has no fingerprint: nothing new would be held against it."""
    job = apps.get_model("kit", "Job")
    rows = apps.get_model("nominations", "Version").objects.filter(
        submitted_at__isnull=False,
        nomination__submitted_at__isnull=False,
        nomination__state__in=WITH_A_UNIT,
        nomination__fingerprint=None,
    )
    latest = dict(rows.order_by("number").values_list("nomination", "pk"))
    now = timezone.now()
    job.objects.bulk_create(
        (
            job(key=f"compare_twins:{pk}:migrated", kind="compare_twins", args={"version_id": pk}, owed_at=now)
            for pk in latest.values()
        ),
        batch_size=1000,
    )


class Migration(migrations.Migration):

    dependencies = [
        ("kit", "0003_stored_files"),
        ("nominations", "0011_units_and_duties"),
    ]

    operations = [migrations.RunPython(owe_comparisons, migrations.RunPython.noop)]
