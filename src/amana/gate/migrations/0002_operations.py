"""Create what keeps a deployment true in operation: standing, rotation, fresh starts, explanations."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """The epoch that admits, and the functions of replaying, rotating, verifying and explaining."""

    dependencies = [("gate", "0001_initial")]
    operations = [
        *install("vault", tables=["epoch.sql"]),
        *install(
            "gate",
            functions=[
                "standing.sql",
                "rotation.sql",
                "afresh.sql",
                "explain.sql",
                "narrowings.sql",
                "facts.sql",
            ],
        ),
    ]
