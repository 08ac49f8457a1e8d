"""States of a draft that were saved by themselves make one step of its history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """When a step of such states began, and the part that is written in it."""

    dependencies = [("surveys", "0006_blocks")]

    operations = [
        migrations.AddField(model_name="revision", name="part", field=models.TextField(null=True)),
        migrations.AddField(model_name="revision", name="begun_at", field=models.DateTimeField(null=True)),
    ]
