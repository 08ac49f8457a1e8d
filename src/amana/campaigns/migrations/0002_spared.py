"""Count whom a campaign left out because they had enough offers lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the count."""

    dependencies = [("campaigns", "0001_initial"), ("post", "0002_held")]
    operations = [migrations.AddField("campaign", "spared", models.PositiveIntegerField(default=0))]
