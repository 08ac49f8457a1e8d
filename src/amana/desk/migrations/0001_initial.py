"""Create conversations and letters."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Conversations with customer service."""

    initial = True

    dependencies = [("kernel", "0001_schemas")]

    operations = [
        migrations.CreateModel(
            name="Conversation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("customer", models.UUIDField(null=True)),
                ("owner", models.UUIDField(null=True)),
                ("sender", models.BinaryField(max_length=32, null=True)),
                ("language", models.TextField(default="ar")),
                ("jurisdiction", models.TextField()),
                (
                    "intent",
                    models.TextField(
                        choices=[
                            ("erase", "Erase"),
                            ("unsubscribe", "Unsubscribe"),
                            ("order", "Order"),
                            ("question", "Question"),
                            ("unknown", "Unknown"),
                        ],
                        default="unknown",
                    ),
                ),
                ("why", models.JSONField(default=list)),
                (
                    "state",
                    models.TextField(
                        choices=[("open", "Open"), ("waiting", "Waiting"), ("done", "Done")], default="open"
                    ),
                ),
                ("unreadable", models.BooleanField(default=False)),
                ("unsubscribed", models.BooleanField(default=False)),
                ("staff", models.BigIntegerField(null=True)),
                ("task", models.BigIntegerField(null=True)),
                ("covered", models.PositiveIntegerField(default=0)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="desk_conversation_queue"),
                    models.Index(fields=["customer"], name="desk_conversation_customer"),
                    models.Index(fields=["owner"], name="desk_conversation_owner"),
                    models.Index(fields=["sender", "received_at"], name="desk_conversation_sender"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "waiting", "done"])),
                        name="desk_conversation_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("intent__in", ["erase", "unsubscribe", "order", "question", "unknown"])
                        ),
                        name="desk_conversation_intent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("customer", models.UUIDField(null=True)),
                ("direction", models.TextField(choices=[("in", "In"), ("out", "Out")])),
                ("incoming", models.UUIDField(null=True, unique=True)),
                ("readable", models.BooleanField(default=True)),
                ("authenticated", models.BooleanField(default=False)),
                ("automatic", models.BooleanField(default=False)),
                ("staff", models.BigIntegerField(null=True)),
                ("fate", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letters",
                        to="desk.conversation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["customer"], name="desk_letter_customer"),
                    models.Index(fields=["conversation", "at"], name="desk_letter_thread"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out"])), name="desk_letter_direction"
                    )
                ],
            },
        ),
    ]
