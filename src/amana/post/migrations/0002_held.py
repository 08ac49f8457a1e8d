"""Batches left to the room that planned them, and a quick answer to who was written to lately."""

from django.db import migrations, models
from django.db.models import Q

# Until now they were held by a time that never comes.
HELD = "UPDATE post_batch SET held = true, due_at = clock_timestamp() WHERE due_at >= '9000-01-01'"


class Migration(migrations.Migration):
    """Tell held batches by a column of their own."""

    dependencies = [("post", "0001_initial")]
    operations = [
        migrations.AddField("batch", "held", models.BooleanField(default=False)),
        migrations.RunSQL(HELD, migrations.RunSQL.noop),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["purpose", "planned_at"],
                condition=Q(("customer__isnull", False)),
                name="post_message_lately",
            ),
        ),
    ]
