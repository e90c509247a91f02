from django.db import migrations


def take_the_plan_in_force(apps, schema_editor):
    """Until now no plan could be filed once tasks were out: what was scored was scored by the last one on record."""
    scored = apps.get_model("reviews", "Score").objects.values("assignment")
    sheets = apps.get_model("reviews", "Assignment").objects.filter(plan=None, pk__in=scored)
    recorded = apps.get_model("reviews", "ReviewPlan").objects.filter(state="recorded")
    for plan in recorded.order_by("-number"):
        sheets.filter(nomination__track=plan.track_id).update(plan=plan)


class Migration(migrations.Migration):

    dependencies = [
        ("reviews", "0004_computed_conflicts"),
    ]

    operations = [
        migrations.RunPython(take_the_plan_in_force, migrations.RunPython.noop),
    ]
