"""Let the machine know whom to tell that something waits in a shop."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Whom to tell that something waits in a shop."""

    dependencies = [("retailer", "0002_second_factor")]
    operations = install("retailer", functions=["telling.sql"])
