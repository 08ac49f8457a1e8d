"""Create the look at who no longer allows a purpose."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Who no longer allows a purpose."""

    dependencies = [("gate", "0002_operations")]
    operations = install("gate", functions=["lapsed.sql"])
