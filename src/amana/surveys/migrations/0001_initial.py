"""Create the designs, their published versions, tablets and answers."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """Designs, where they are open, tablets and answers."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("customers", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("code", models.BinaryField(primary_key=True, serialize=False)),
                ("shop", models.BigIntegerField()),
                ("name", models.TextField()),
                ("made_by", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("device", models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Envelope",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("device", models.UUIDField(null=True)),
                ("received_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Refused",
            fields=[
                ("key", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("device", models.UUIDField(null=True)),
                ("reason", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("refused_at", models.DateTimeField()),
                ("seen_by", models.BigIntegerField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slug", models.TextField(unique=True)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("created_by", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("shop", models.BigIntegerField()),
                ("name", models.TextField()),
                ("key", models.JSONField()),
                ("enrolled_at", models.DateTimeField()),
                ("enrolled_by", models.BigIntegerField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.BigIntegerField(null=True)),
                ("synced_at", models.DateTimeField(null=True)),
                ("unsent", models.PositiveIntegerField(default=0)),
                ("battery", models.PositiveSmallIntegerField(null=True)),
                ("software", models.TextField(default="")),
                ("policy", models.IntegerField(null=True)),
                ("skew_ms", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["shop"], name="surveys_device_shop")],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.UUIDField(unique=True)),
                ("version", models.BigIntegerField()),
                ("survey", models.BigIntegerField()),
                ("shop", models.BigIntegerField(null=True)),
                ("device", models.UUIDField(null=True)),
                ("way", models.TextField()),
                ("language", models.TextField()),
                ("policy", models.IntegerField()),
                ("judged_policy", models.IntegerField()),
                ("answered_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
                ("answers", models.JSONField(default=dict)),
                ("texts", models.JSONField(default=list)),
                ("unfinished", models.BooleanField(default=False)),
                ("customer", models.UUIDField(null=True)),
                ("code", models.BinaryField(null=True)),
                ("mixing", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["survey", "answered_at"], name="surveys_response_survey"),
                    models.Index(fields=["shop", "answered_at"], name="surveys_response_shop"),
                    models.Index(
                        condition=models.Q(("customer__isnull", False)),
                        fields=["customer"],
                        name="surveys_response_customer",
                    ),
                    models.Index(
                        condition=models.Q(("code__isnull", False)),
                        fields=["code"],
                        name="surveys_response_code",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["ar", "en"])), name="surveys_response_language"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["tablet", "qr", "web", "link"])),
                        name="surveys_response_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("parent", models.PositiveIntegerField(default=0)),
                ("definition", models.JSONField()),
                ("made_by", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "number"), name="surveys_revision_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shop", models.BigIntegerField(blank=True, null=True)),
                ("ways", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("survey", "shop"),
                        name="surveys_placement_open",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("definition", models.JSONField()),
                ("hash", models.TextField()),
                ("policy", models.IntegerField()),
                ("published_by", models.BigIntegerField()),
                ("published_at", models.DateTimeField()),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="surveys.survey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("survey", "number"), name="surveys_version_number")
                ],
            },
        ),
        run("surveys", "versions.sql"),
    ]
