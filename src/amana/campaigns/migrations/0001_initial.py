"""Create the campaigns."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    """Words, states and counts; nobody's data."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("post", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.TextField()),
                ("subject_ar", models.TextField(blank=True, default="")),
                ("subject_en", models.TextField(blank=True, default="")),
                ("opening_ar", models.TextField(blank=True, default="")),
                ("opening_en", models.TextField(blank=True, default="")),
                ("body_ar", models.TextField(blank=True, default="")),
                ("body_en", models.TextField(blank=True, default="")),
                ("link", models.TextField(blank=True, default="")),
                ("label_ar", models.TextField(blank=True, default="")),
                ("label_en", models.TextField(blank=True, default="")),
                ("channel", models.TextField(default="email")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("draft", "Draft"),
                            ("planned", "Planned"),
                            ("sending", "Sending"),
                            ("paused", "Paused"),
                            ("finished", "Finished"),
                            ("stopped", "Stopped"),
                        ],
                        default="draft",
                    ),
                ),
                ("created_by", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("sent_by", models.BigIntegerField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("policy", models.IntegerField(null=True)),
                ("content", models.UUIDField(null=True)),
                ("planned", models.PositiveIntegerField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("resolved_at__isnull", True), ("sent_at__isnull", False)),
                        fields=["sent_at"],
                        name="campaigns_campaign_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "planned", "sending", "paused", "finished", "stopped"])
                        ),
                        name="campaigns_campaign_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("content__isnull", True), ("sent_at__isnull", True), ("state", "draft")
                            ),
                            models.Q(
                                ("content__isnull", False),
                                ("planned__isnull", False),
                                ("sent_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="campaigns_campaign_sent",
                    ),
                ],
            },
        ),
    ]
