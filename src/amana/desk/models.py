"""Conversations with customer service and the letters they are made of. Never a word, a name or an address."""

import uuid

from django.db import models
from django.db.models import Q


class Conversation(models.Model):
    """What one sender wrote and was answered. Its words lie sealed behind the gate, under its letters.

    `sender` is a keyed mark of the address, by which the next mail of the same sender finds its way and by
    which automatic answers are limited; it goes when the sender is erased. `task` is the gate's, for whoever
    the conversation is assigned to, and covers the first `covered` letters.
    """

    class Intent(models.TextChoices):
        """What the mail asks for, as recognised."""

        ERASE = "erase"
        UNSUBSCRIBE = "unsubscribe"
        ORDER = "order"
        QUESTION = "question"
        UNKNOWN = "unknown"

    class State(models.TextChoices):
        """Where it stands: with us, with the customer, or done."""

        OPEN = "open"
        WAITING = "waiting"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    sender = models.BinaryField(max_length=32, null=True)
    language = models.TextField(default="ar")
    jurisdiction = models.TextField()
    intent = models.TextField(choices=Intent, default=Intent.UNKNOWN)
    why = models.JSONField(default=list)
    state = models.TextField(choices=State, default=State.OPEN)
    unreadable = models.BooleanField(default=False)
    unsubscribed = models.BooleanField(default=False)
    staff = models.BigIntegerField(null=True)
    task = models.BigIntegerField(null=True)
    covered = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting", "done"]), name="desk_conversation_state"
            ),
            models.CheckConstraint(
                condition=Q(intent__in=["erase", "unsubscribe", "order", "question", "unknown"]),
                name="desk_conversation_intent",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="desk_conversation_queue"),
            models.Index(fields=["customer"], name="desk_conversation_customer"),
            models.Index(fields=["owner"], name="desk_conversation_owner"),
            models.Index(fields=["sender", "received_at"], name="desk_conversation_sender"),
        ]


class Letter(models.Model):
    """One mail of a conversation, in or out. `customer` is the claim under which its bytes are sealed.

    `done_at` is empty until an incoming mail was understood and, where it may be, answered.
    """

    class Direction(models.TextChoices):
        """Who wrote it."""

        IN = "in"
        OUT = "out"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="letters")
    customer = models.UUIDField(null=True)
    direction = models.TextField(choices=Direction)
    incoming = models.UUIDField(null=True, unique=True)
    readable = models.BooleanField(default=True)
    authenticated = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    staff = models.BigIntegerField(null=True)
    fate = models.TextField(default="")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=["in", "out"]), name="desk_letter_direction"),
        ]
        indexes = [
            models.Index(fields=["customer"], name="desk_letter_customer"),
            models.Index(fields=["conversation", "at"], name="desk_letter_thread"),
        ]
