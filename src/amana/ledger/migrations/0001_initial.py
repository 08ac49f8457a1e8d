"""Create the record, the functions that alone may write it, and those that look for what was altered."""

from django.db import migrations

from amana.kernel.sqlfiles import install, run


class Migration(migrations.Migration):
    """Nonces, openings, entries, tiles and checkpoints."""

    initial = True
    dependencies = [("kernel", "0001_schemas")]
    operations = [
        *install(
            "ledger",
            tables=["tables.sql"],
            functions=["commitments.sql", "recording.sql", "sequencing.sql", "reading.sql", "auditing.sql"],
        ),
        run("ledger", "grants.sql"),
    ]
