"""Campaigns: what is said, in both languages, and how far it has come. Nothing here is about a person."""

import uuid

from django.db import models
from django.db.models import Q


class Campaign(models.Model):
    """One promotion. Its words change only while it is a draft; what is sent is the post room's own copy.

    `created_by` and `sent_by` are staff accounts. `resolved_at` is set when no message waits any more.
    """

    class State(models.TextChoices):
        """Where a campaign stands. `planned` lasts until the first batch is taken."""

        DRAFT = "draft"
        PLANNED = "planned"
        SENDING = "sending"
        PAUSED = "paused"
        FINISHED = "finished"
        STOPPED = "stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.TextField()
    subject_ar = models.TextField(default="", blank=True)
    subject_en = models.TextField(default="", blank=True)
    opening_ar = models.TextField(default="", blank=True)
    opening_en = models.TextField(default="", blank=True)
    body_ar = models.TextField(default="", blank=True)
    body_en = models.TextField(default="", blank=True)
    link = models.TextField(default="", blank=True)
    label_ar = models.TextField(default="", blank=True)
    label_en = models.TextField(default="", blank=True)
    channel = models.TextField(default="email")
    state = models.TextField(choices=State, default=State.DRAFT)
    created_by = models.BigIntegerField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_by = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    policy = models.IntegerField(null=True)
    content = models.UUIDField(null=True)
    planned = models.PositiveIntegerField(null=True)
    spared = models.PositiveIntegerField(default=0)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "planned", "sending", "paused", "finished", "stopped"]),
                name="campaigns_campaign_state",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at__isnull=True, content__isnull=True)
                | Q(sent_at__isnull=False, content__isnull=False, planned__isnull=False),
                name="campaigns_campaign_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["sent_at"],
                condition=Q(resolved_at__isnull=True, sent_at__isnull=False),
                name="campaigns_campaign_open",
            ),
        ]

    @property
    def ref(self) -> str:
        """Return the name under which the gate and the post room know this campaign."""
        return ref_of(self.pk)


def ref_of(campaign: uuid.UUID) -> str:
    """Return the name under which the gate and the post room know a campaign."""
    return f"campaign:{campaign}"
