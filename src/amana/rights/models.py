"""Requests of people about their own data, and the certificates of what was done. Never an address."""

import uuid

from django.db import models
from django.db.models import Q


class Request(models.Model):
    """One request of one person. The customer is emptied when they are erased; the row stays for the counts.

    Whether the owner confirmed it is not kept here: the gate alone knows, by `task`.
    """

    class Kind(models.TextChoices):
        """What is asked for."""

        ERASE = "erase"

    class State(models.TextChoices):
        """Where a request stands. `received`: nobody here confirmed the address it came from."""

        RECEIVED = "received"
        CHALLENGED = "challenged"
        CONFIRMED = "confirmed"
        CARRIED_OUT = "carried_out"
        EXPIRED = "expired"
        REFUSED = "refused"

    class Reason(models.TextChoices):
        """Why a request was refused or closed."""

        NONE = ""
        NOT_CONFIRMED = "not_confirmed"
        WITHDRAWN = "withdrawn"
        NOT_A_REQUEST = "not_a_request"
        LAW_KEEPS = "law_keeps"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.TextField(choices=Kind, default=Kind.ERASE)
    customer = models.UUIDField(null=True)
    task = models.BigIntegerField(null=True, unique=True)
    conversation = models.UUIDField(null=True)
    language = models.TextField(default="ar")
    state = models.TextField(choices=State, default=State.RECEIVED)
    reason = models.TextField(choices=Reason, default=Reason.NONE, blank=True)
    opened_by = models.BigIntegerField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    challenged_at = models.DateTimeField(null=True)
    closed_by = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["received", "challenged", "confirmed", "carried_out", "expired", "refused"]
                ),
                name="rights_request_state",
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state__in=["received", "challenged", "confirmed"]),
                name="rights_request_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "challenged_at"], name="rights_request_customer"),
            models.Index(fields=["conversation"], name="rights_request_conversation"),
            models.Index(fields=["state", "due_at"], name="rights_request_due"),
        ]


class Certificate(models.Model):
    """The proof of one erasure: what was signed, word for word. Names nobody."""

    number = models.TextField(primary_key=True)
    request = models.OneToOneField(Request, models.PROTECT, related_name="certificate")
    entry = models.UUIDField(unique=True)
    content = models.TextField()
    signed = models.TextField()
    issued_at = models.DateTimeField()
