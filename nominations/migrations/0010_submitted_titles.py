from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce


def take_from_versions(apps, schema_editor):
    """What was submitted until now has its title inside its last version."""
    last = (
        apps.get_model("nominations", "Version")
        .objects.filter(nomination=models.OuterRef("pk"), submitted_at__isnull=False)
        .order_by("-number")
    )
    title = models.Subquery(last.values_list(KeyTextTransform("title", "content"))[:1])
    apps.get_model("nominations", "Nomination").objects.update(
        submitted_title=Coalesce(title, models.Value(""), output_field=models.TextField())
    )


class Migration(migrations.Migration):

    dependencies = [
        ("nominations", "0009_twins"),
    ]

    operations = [
        migrations.AddField(
            model_name="nomination",
            name="submitted_title",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.RunPython(take_from_versions, migrations.RunPython.noop),
    ]
