"""Install the policy's tables and functions."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """The published promise, and the one way to replace it."""

    initial = True
    dependencies = [("kernel", "0001_schemas"), ("ledger", "0001_initial")]
    operations = install("policy", tables=["tables.sql"], functions=["functions.sql"])
