"""Let the application replace the file of the salts."""

from django.db import migrations

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """What ends the salts for good."""

    dependencies = [("collect", "0002_lake")]
    operations = [run("collect", "salts.sql")]
