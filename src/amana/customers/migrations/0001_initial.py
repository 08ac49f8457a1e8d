"""Create the letters' numbers and the counters of visits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Letters kept once, and visits counted by the hour."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("post", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("content", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
