"""Create the record of consent and the functions that alone may write it."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Decisions, standing, confirmed addresses and wishes."""

    initial = True
    dependencies = [("kernel", "0001_schemas"), ("ledger", "0001_initial"), ("policy", "0001_initial")]
    operations = install(
        "consent",
        tables=["tables.sql", "together.sql"],
        functions=["functions.sql", "joining.sql", "lifting.sql"],
    )
