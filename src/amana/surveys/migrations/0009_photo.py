"""Keep which question was answered with a photo."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Which question was answered with a photo; the photo itself is sealed in the vault."""

    dependencies = [("surveys", "0008_former_shops")]

    operations = [
        migrations.AddField("response", "photo", models.TextField(default="", db_default="")),
    ]
