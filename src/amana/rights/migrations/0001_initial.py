"""Create requests and certificates."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests of people, and the certificates of what was done."""

    initial = True

    dependencies = [("kernel", "0001_schemas")]

    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.TextField(choices=[("erase", "Erase")], default="erase")),
                ("customer", models.UUIDField(null=True)),
                ("task", models.BigIntegerField(null=True, unique=True)),
                ("conversation", models.UUIDField(null=True)),
                ("language", models.TextField(default="ar")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("received", "Received"),
                            ("challenged", "Challenged"),
                            ("confirmed", "Confirmed"),
                            ("carried_out", "Carried Out"),
                            ("expired", "Expired"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("not_confirmed", "Not Confirmed"),
                            ("withdrawn", "Withdrawn"),
                            ("not_a_request", "Not A Request"),
                            ("law_keeps", "Law Keeps"),
                        ],
                        default="",
                    ),
                ),
                ("opened_by", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("challenged_at", models.DateTimeField(null=True)),
                ("closed_by", models.BigIntegerField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer", "challenged_at"], name="rights_request_customer"),
                    models.Index(fields=["conversation"], name="rights_request_conversation"),
                    models.Index(fields=["state", "due_at"], name="rights_request_due"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["received", "challenged", "confirmed", "carried_out", "expired", "refused"],
                            )
                        ),
                        name="rights_request_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["received", "challenged", "confirmed"])),
                        fields=("conversation",),
                        name="rights_request_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("number", models.TextField(primary_key=True, serialize=False)),
                ("entry", models.UUIDField(unique=True)),
                ("content", models.TextField()),
                ("signed", models.TextField()),
                ("issued_at", models.DateTimeField()),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate",
                        to="rights.request",
                    ),
                ),
            ],
        ),
    ]
