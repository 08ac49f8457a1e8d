"""Remember in which shops a tablet was before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """The shops that tablets were moved from, and when."""

    dependencies = [("surveys", "0007_saved_by_itself")]

    operations = [
        migrations.CreateModel(
            name="FormerShop",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("device", models.UUIDField()),
                ("shop", models.BigIntegerField()),
                ("left_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["device"], name="surveys_formershop_device")],
            },
        ),
    ]
