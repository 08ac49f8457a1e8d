"""Install the retailer's tables and functions."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Brand and shops, staff and roles, sessions the gate resolves by itself."""

    initial = True
    dependencies = [("kernel", "0001_schemas"), ("ledger", "0001_initial"), ("policy", "0001_initial")]
    operations = install(
        "retailer", tables=["tables.sql"], functions=["sessions.sql", "staff.sql", "brand.sql"]
    )
