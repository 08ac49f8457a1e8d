"""Count in blocks of enough people, and over all shops together."""

from django.db import migrations

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """Who waits to be counted, and the sums over all shops."""

    dependencies = [("surveys", "0005_asking")]

    operations = [run("surveys", "blocks.sql")]
