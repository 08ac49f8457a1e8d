"""What is done about dissatisfied answers: cases, what happened in them, replies, and what shops changed."""

import uuid

from django.db import models
from django.db.models import Q


class Case(models.Model):
    """A dissatisfied answer whose person allows us to use what they said, or to write to them about it.

    `customer` is emptied when they are erased or no longer allow any of it. `words` tells whether their words may be
    read without writing to them; `channels` by which ways they wish to be written to. `task` is the gate's, for the
    present owner. `told_at` and `head_told_at` are when the shop and head office were told.
    """

    class State(models.TextChoices):
        OPEN = "open"
        ANSWERED = "answered"
        RESOLVED = "resolved"

    class Severity(models.TextChoices):
        GRAVE = "grave"
        USUAL = "usual"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    response = models.UUIDField(unique=True)
    survey = models.BigIntegerField()
    version = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    customer = models.UUIDField(null=True)
    language = models.TextField()
    words = models.BooleanField(default=False)
    channels = models.JSONField(default=list)
    severity = models.TextField(choices=Severity.choices)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    resolution = models.TextField(default="")
    owner = models.BigIntegerField(null=True)
    task = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    head_told_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "resolved"]), name="surveys_case_state"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=["grave", "usual"]), name="surveys_case_severity"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="surveys_case_due"),
            models.Index(fields=["shop", "state"], name="surveys_case_shop"),
            models.Index(fields=["told_at"], name="surveys_case_untold", condition=Q(told_at__isnull=True)),
            models.Index(
                fields=["customer"], name="surveys_case_customer", condition=Q(customer__isnull=False)
            ),
        ]


class CaseStep(models.Model):
    """One thing that happened in a case. `other` is the colleague it was given to; `text` a note among colleagues."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.TextField()
    staff = models.BigIntegerField(null=True)
    other = models.BigIntegerField(null=True)
    text = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="surveys_casestep_case")]


class Reply(models.Model):
    """A reply to whoever answered. It may be taken back until `leaves_at`; its words go when its person goes.

    `reason` says why it still waits, or why it never left.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        UNSURE = "unsure"
        REFUSED = "refused"
        UNDONE = "undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="replies")
    staff = models.BigIntegerField()
    channel = models.TextField()
    text = models.TextField(default="")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    reason = models.TextField(default="")
    task = models.BigIntegerField()
    made_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["waiting", "sending"]), name="surveys_reply_one_waits"
            )
        ]
        indexes = [
            models.Index(
                fields=["leaves_at"],
                name="surveys_reply_due",
                condition=Q(state__in=["waiting", "sending"]),
            )
        ]


class Improvement(models.Model):
    """What a shop changed after what people said; public once it is published. It names nobody."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        WITHDRAWN = "withdrawn"

    id = models.BigAutoField(primary_key=True)
    shop = models.BigIntegerField()
    text_ar = models.TextField(default="")
    text_en = models.TextField(default="")
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    written_by = models.BigIntegerField()
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "state"], name="surveys_improvement_shop")]
