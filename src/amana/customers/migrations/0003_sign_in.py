"""Create who is signed in, and what is on its way from here to the website."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Sessions and handovers: rows that last for hours and minutes, and go with their person."""

    dependencies = [("customers", "0002_identity")]

    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("customer", models.UUIDField(db_index=True)),
                ("sealed", models.BinaryField()),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("digest", models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ("customer", models.UUIDField(db_index=True)),
                ("includes_before", models.BooleanField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
