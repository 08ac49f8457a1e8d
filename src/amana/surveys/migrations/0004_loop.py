"""Create what is done about a visit that went wrong."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Cases, what happened in them, replies, and what shops changed."""

    dependencies = [
        ("surveys", "0003_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("response", models.UUIDField(unique=True)),
                ("survey", models.BigIntegerField()),
                ("version", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("customer", models.UUIDField(null=True)),
                ("language", models.TextField()),
                ("words", models.BooleanField(default=False)),
                ("channels", models.JSONField(default=list)),
                ("severity", models.TextField(choices=[("grave", "Grave"), ("usual", "Usual")])),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("resolved", "Resolved")],
                        default="open",
                    ),
                ),
                ("resolution", models.TextField(default="")),
                ("owner", models.BigIntegerField(null=True)),
                ("task", models.BigIntegerField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("escalated_at", models.DateTimeField(null=True)),
                ("head_told_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="surveys_case_due"),
                    models.Index(fields=["shop", "state"], name="surveys_case_shop"),
                    models.Index(
                        condition=models.Q(("told_at__isnull", True)),
                        fields=["told_at"],
                        name="surveys_case_untold",
                    ),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="surveys_case_customer",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "answered", "resolved"])),
                        name="surveys_case_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("severity__in", ["grave", "usual"])), name="surveys_case_severity"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shop", models.BigIntegerField()),
                ("text_ar", models.TextField(default="")),
                ("text_en", models.TextField(default="")),
                (
                    "state",
                    models.TextField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("withdrawn", "Withdrawn")],
                        default="draft",
                    ),
                ),
                ("written_by", models.BigIntegerField()),
                ("written_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["shop", "state"], name="surveys_improvement_shop")],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("staff", models.BigIntegerField(null=True)),
                ("other", models.BigIntegerField(null=True)),
                ("text", models.TextField(default="")),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="surveys.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "at"], name="surveys_casestep_case")],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("staff", models.BigIntegerField()),
                ("channel", models.TextField()),
                ("text", models.TextField(default="")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Sending"),
                            ("sent", "Sent"),
                            ("unsure", "Unsure"),
                            ("refused", "Refused"),
                            ("undone", "Undone"),
                        ],
                        default="waiting",
                    ),
                ),
                ("reason", models.TextField(default="")),
                ("task", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("leaves_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="surveys.case"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["leaves_at"],
                        name="surveys_reply_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=("case",),
                        name="surveys_reply_one_waits",
                    )
                ],
            },
        ),
    ]
