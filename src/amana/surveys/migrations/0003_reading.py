"""Create what was read out of words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What was read out of words."""

    dependencies = [("surveys", "0002_counts")]

    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("response", models.UUIDField()),
                ("customer", models.UUIDField(null=True)),
                ("field", models.TextField()),
                ("kind", models.TextField()),
                ("survey", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("language", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("found", "Found"),
                            ("held", "Held"),
                            ("purged", "Purged"),
                            ("released", "Released"),
                            ("gone", "Gone"),
                        ],
                        default="found",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.BigIntegerField(null=True)),
                ("task", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="surveys_candidate_due"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="surveys_candidate_customer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("response", "field", "kind"), name="surveys_candidate_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("response", models.UUIDField()),
                ("customer", models.UUIDField(null=True)),
                ("survey", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("question", models.TextField()),
                ("day", models.DateField()),
                ("language", models.TextField()),
                ("about", models.TextField()),
                ("product", models.TextField(default="")),
                ("size", models.TextField(default="")),
                ("theme", models.TextField(default="")),
                ("choice", models.TextField(default="")),
                ("mixing", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about", "day"], name="surveys_signal_about"),
                    models.Index(fields=["response"], name="surveys_signal_response"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="surveys_signal_customer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("response", models.UUIDField()),
                ("customer", models.UUIDField()),
                ("survey", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("question", models.TextField()),
                ("day", models.DateField()),
                ("language", models.TextField()),
                ("theme", models.TextField()),
                ("sentiment", models.SmallIntegerField()),
                ("mixing", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["day", "theme"], name="surveys_theme_day"),
                    models.Index(fields=["survey", "day"], name="surveys_theme_survey"),
                    models.Index(fields=["customer"], name="surveys_theme_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("response", "question", "theme"), name="surveys_theme_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sentiment__in", [-1, 0, 1])), name="surveys_theme_sentiment"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("response", models.UUIDField(primary_key=True, serialize=False)),
                ("customer", models.UUIDField()),
                ("survey", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("language", models.TextField()),
                ("day", models.DateField()),
                ("texts", models.JSONField(default=list)),
                ("fits", models.BooleanField(default=False)),
                ("mixing", models.BigIntegerField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["since"], name="surveys_waiting_since"),
                    models.Index(fields=["customer"], name="surveys_waiting_customer"),
                ],
            },
        ),
    ]
