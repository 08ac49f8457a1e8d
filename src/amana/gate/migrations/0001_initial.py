"""Create the record of uses and the functions that are the only door to personal data."""

from django.db import migrations

from amana.kernel.sqlfiles import install, run


class Migration(migrations.Migration):
    """Tasks, calls and uses; asking, taking, admitting, deciding, forgetting and the audit of them all."""

    initial = True
    dependencies = [
        ("ledger", "0001_initial"),
        ("policy", "0001_initial"),
        ("retailer", "0001_initial"),
        ("consent", "0001_initial"),
        ("vault", "0001_initial"),
    ]
    operations = [
        *install("gate", tables=["tables.sql"], schema="uses"),
        *install(
            "gate",
            functions=[
                "checks.sql",
                "links.sql",
                "fold.sql",
                "ask.sql",
                "take.sql",
                "admit.sql",
                "add.sql",
                "keep_back.sql",
                "look_up.sql",
                "plan.sql",
                "decide.sql",
                "forget.sql",
                "judged_again.sql",
                "months.sql",
                "audit.sql",
                "receipts.sql",
                "figures.sql",
                "retention.sql",
            ],
        ),
        run("gate", "grants.sql"),
        migrations.RunSQL("SELECT gate.prepare_months(12)", migrations.RunSQL.noop),
    ]
