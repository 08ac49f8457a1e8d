"""Create the vault's tables; the functions that reach them belong to the gate."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Sealed values, wrapped keys and indexes."""

    initial = True
    dependencies = [("kernel", "0001_schemas"), ("policy", "0001_initial")]
    operations = install("vault", tables=["tables.sql"])
