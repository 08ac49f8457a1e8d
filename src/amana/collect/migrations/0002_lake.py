"""Make the lake: catalogue and tables by DuckLake itself, under the owner's login, and the mark of what was drained."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from amana.collect.lake import connection, place, tables
from amana.kernel.sqlfiles import run


def make_lake(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the catalogue in schema `lake`, through connections of DuckDB's own."""
    tables.make(connection.address(), place.place())


class Migration(migrations.Migration):
    """The lake and its mark."""

    # DuckLake commits by itself: a transaction here would hide what it made.
    atomic = False
    dependencies = [("collect", "0001_initial")]
    operations = [
        run("collect", "lake.sql"),
        migrations.RunPython(make_lake, migrations.RunPython.noop),
        run("collect", "lake_trigger.sql"),
    ]
