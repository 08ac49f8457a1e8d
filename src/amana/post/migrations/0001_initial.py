"""Create the outbox and the mails that came in."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Contents, batches, messages and incoming mail."""

    initial = True

    dependencies = [("kernel", "0001_schemas"), ("gate", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Content",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("subject_ar", models.TextField()),
                ("subject_en", models.TextField()),
                ("body_ar", models.TextField()),
                ("body_en", models.TextField()),
                ("reason_ar", models.TextField(default="")),
                ("reason_en", models.TextField(default="")),
                (
                    "link",
                    models.TextField(
                        blank=True,
                        choices=[
                            ("", "None"),
                            ("confirm", "Confirm"),
                            ("opt_in", "Opt In"),
                            ("preferences", "Preferences"),
                            ("erase", "Erase"),
                            ("sign_in", "Sign In"),
                            ("address", "Address"),
                        ],
                        default="",
                    ),
                ),
                ("label_ar", models.TextField(default="")),
                ("label_en", models.TextField(default="")),
                ("address", models.TextField(default="")),
                ("written_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("ref", models.TextField()),
                ("purpose", models.TextField()),
                ("channel", models.TextField()),
                ("task", models.BigIntegerField(unique=True)),
                ("due_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("reopens", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=["due_at"],
                        name="post_batch_due",
                    ),
                    models.Index(fields=["ref"], name="post_batch_ref"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incoming",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("received_at", models.DateTimeField()),
                (
                    "recipient_kind",
                    models.TextField(
                        choices=[("service", "Service"), ("bounce", "Bounce"), ("opt_out", "Opt Out")]
                    ),
                ),
                (
                    "verdict",
                    models.TextField(choices=[("readable", "Readable"), ("unreadable", "Unreadable")]),
                ),
                ("authenticated", models.BooleanField(default=False)),
                ("automatic", models.BooleanField(default=False)),
                ("customer", models.UUIDField(null=True)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(default="")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer"], name="post_incoming_customer"),
                    models.Index(
                        condition=models.Q(("handled_at__isnull", True)),
                        fields=["recipient_kind", "received_at"],
                        name="post_incoming_new",
                    ),
                    models.Index(fields=["fingerprint", "received_at"], name="post_incoming_again"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("customer", models.UUIDField(null=True)),
                ("ref", models.TextField()),
                ("kind", models.TextField()),
                ("purpose", models.TextField()),
                ("channel", models.TextField()),
                ("language", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("planned", "Planned"),
                            ("taken", "Taken"),
                            ("handed_over", "Handed Over"),
                            ("unconfirmed", "Unconfirmed"),
                            ("refused", "Refused"),
                            ("bounced", "Bounced"),
                            ("failed", "Failed"),
                        ],
                        default="planned",
                    ),
                ),
                ("reason", models.TextField(default="")),
                ("status", models.TextField(default="")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("planned_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("handed_over_at", models.DateTimeField(null=True)),
                ("bounced_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="post.batch",
                    ),
                ),
                (
                    "content",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="post.content"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["ref", "state"], name="post_message_progress"),
                    models.Index(fields=["customer"], name="post_message_customer"),
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "taken"])),
                        fields=["batch"],
                        name="post_message_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("ref", "customer"), name="post_message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "taken",
                                    "handed_over",
                                    "unconfirmed",
                                    "refused",
                                    "bounced",
                                    "failed",
                                ],
                            )
                        ),
                        name="post_message_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bounced_at__isnull", True),
                            ("bounced_at__gte", models.F("planned_at")),
                            _connector="OR",
                        ),
                        name="post_message_times",
                    ),
                ],
            },
        ),
    ]
