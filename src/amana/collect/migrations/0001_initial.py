"""Create the sources, the inbox, the day's salts and the counts."""

from django.db import migrations, models

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """Where events are taken in."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("name", models.TextField()),
                ("write_key", models.TextField(unique=True)),
                ("server_key_hash", models.BinaryField(max_length=32, unique=True)),
                ("origins", models.JSONField(blank=True, default=list)),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        run("collect", "inbox.sql"),
    ]
