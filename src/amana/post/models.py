"""What the post room remembers: contents, batches, messages and mails that came in. Never an address."""

import uuid

from django.db import models
from django.db.models import F, Q


class Content(models.Model):
    """The words of a message in both languages, unchanged once written. Holds nobody's data.

    `{name}` stands for the reader's name; `link` names the gate's link that the button opens.
    """

    class Link(models.TextChoices):
        """The links the gate mints for a person, and one fixed address."""

        NONE = ""
        CONFIRM = "confirm"
        OPT_IN = "opt_in"
        PREFERENCES = "preferences"
        ERASE = "erase"
        SIGN_IN = "sign_in"
        ADDRESS = "address"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_ar = models.TextField()
    subject_en = models.TextField()
    body_ar = models.TextField()
    body_en = models.TextField()
    reason_ar = models.TextField(default="")
    reason_en = models.TextField(default="")
    link = models.TextField(choices=Link, default=Link.NONE, blank=True)
    label_ar = models.TextField(default="")
    label_en = models.TextField(default="")
    address = models.TextField(default="")
    written_at = models.DateTimeField()


class Batch(models.Model):
    """The messages handed over together under one task of the gate, which is opened once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ref = models.TextField()
    purpose = models.TextField()
    channel = models.TextField()
    task = models.BigIntegerField(unique=True)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    reopens = models.BooleanField(default=False)
    # Left to the room that planned it: the post room's own round passes it by.
    held = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(settled_at__isnull=True), name="post_batch_due"),
            models.Index(fields=["ref"], name="post_batch_ref"),
        ]


class Message(models.Model):
    """One message to one person, and what became of it.

    The customer is emptied when they are erased; the row stays for the counts.
    """

    class State(models.TextChoices):
        """Where a message stands. `taken` lasts only while it is being handed over."""

        PLANNED = "planned"
        TAKEN = "taken"
        HANDED_OVER = "handed_over"
        UNCONFIRMED = "unconfirmed"
        REFUSED = "refused"
        BOUNCED = "bounced"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="messages")
    customer = models.UUIDField(null=True)
    ref = models.TextField()
    kind = models.TextField()
    purpose = models.TextField()
    channel = models.TextField()
    language = models.TextField(default="", blank=True)
    content = models.ForeignKey(Content, models.PROTECT, null=True)
    state = models.TextField(choices=State, default=State.PLANNED)
    reason = models.TextField(default="")
    status = models.TextField(default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    planned_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ref", "customer"], name="post_message_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "planned",
                        "taken",
                        "handed_over",
                        "unconfirmed",
                        "refused",
                        "bounced",
                        "failed",
                    ]
                ),
                name="post_message_state",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True) | Q(bounced_at__gte=F("planned_at")),
                name="post_message_times",
            ),
        ]
        indexes = [
            models.Index(fields=["ref", "state"], name="post_message_progress"),
            models.Index(fields=["customer"], name="post_message_customer"),
            models.Index(
                fields=["purpose", "planned_at"],
                condition=Q(customer__isnull=False),
                name="post_message_lately",
            ),
            models.Index(
                fields=["batch"], condition=Q(state__in=["planned", "taken"]), name="post_message_open"
            ),
        ]


class Incoming(models.Model):
    """A mail that came in: its bytes are sealed by the gate before the sender is told it arrived.

    `customer` is the claim under which the gate keeps the mail; empty where nothing is kept.
    """

    class Kind(models.TextChoices):
        """Whom it was written to."""

        SERVICE = "service"
        BOUNCE = "bounce"
        OPT_OUT = "opt_out"

    class Verdict(models.TextChoices):
        """Whether it can be read. What cannot is kept and shown as such."""

        READABLE = "readable"
        UNREADABLE = "unreadable"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received_at = models.DateTimeField()
    recipient_kind = models.TextField(choices=Kind)
    verdict = models.TextField(choices=Verdict)
    authenticated = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    customer = models.UUIDField(null=True)
    fingerprint = models.BinaryField(max_length=32)
    handled_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["customer"], name="post_incoming_customer"),
            models.Index(
                fields=["recipient_kind", "received_at"],
                condition=Q(handled_at__isnull=True),
                name="post_incoming_new",
            ),
            models.Index(fields=["fingerprint", "received_at"], name="post_incoming_again"),
        ]
