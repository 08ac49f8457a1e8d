"""Asking: how full the quotas are, and who was or will be invited."""

from django.db import models
from django.db.models import Q


class QuotaCount(models.Model):
    """How many answers of a survey fell into one of its quotas."""

    id = models.BigAutoField(primary_key=True)
    survey = models.BigIntegerField()
    name = models.TextField()
    count = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "name"], name="surveys_quota_once"),
        ]


class Rule(models.Model):
    """Which survey is asked after an occasion; without a row, none is."""

    occasion = models.TextField(primary_key=True)
    survey = models.BigIntegerField()
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(occasion__in=["purchase", "conversation"]), name="surveys_rule_occasion"
            ),
        ]


class Invitation(models.Model):
    """One person to be asked after an occasion. `ref` names the purchase or the conversation, so that it counts once.

    What was sent says nothing of what came back: the link is the same for everybody.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        SENT = "sent"
        SKIPPED = "skipped"

    id = models.BigAutoField(primary_key=True)
    customer = models.UUIDField(null=True)
    occasion = models.TextField()
    ref = models.TextField()
    shop = models.BigIntegerField(null=True)
    state = models.TextField(choices=State, default=State.WAITING)
    reason = models.TextField(default="")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "ref"], name="surveys_invitation_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="surveys_invitation_due", condition=Q(state="waiting")),
            models.Index(
                fields=["customer", "settled_at"],
                name="surveys_invitation_customer",
                condition=Q(customer__isnull=False),
            ),
        ]
