"""Ask staff for something they have beside the password."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Authenticators, recovery codes, and sessions that open nothing before their code."""

    dependencies = [("retailer", "0001_initial")]
    operations = install(
        "retailer", tables=["second_factor_tables.sql"], functions=["codes.sql", "second_factor.sql"]
    )
