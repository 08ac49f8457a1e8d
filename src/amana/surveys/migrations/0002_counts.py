"""Create what results are counted in."""

from django.db import migrations

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """Counts of answers by day, shop and language."""

    dependencies = [("surveys", "0001_initial")]

    operations = [run("surveys", "counts.sql")]
