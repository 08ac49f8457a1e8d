"""Answers: sealed as they arrive, and what is kept of them once they were taken in."""

import uuid

from django.db import models
from django.db.models import Q


class Envelope(models.Model):
    """One sealed submission that waits to be taken in. `id` was made by whoever answered, so that it counts once.

    `sealed` is a compact JWE (RFC 7516) that only the worker's key opens; from a tablet it stands within a compact
    JWS (RFC 7515) of the device.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sealed = models.BinaryField()
    device = models.UUIDField(null=True)
    received_at = models.DateTimeField(db_index=True)


class Response(models.Model):
    """One survey answered. What is kept open is only what was chosen or counted; words are sealed in the vault.

    `key` is the envelope's number. `customer` is whoever the words and consents were admitted as, emptied when they
    are erased. `policy` is the version that was shown, `judged_policy` the one that ran when the answers were taken
    in. `texts` names the questions answered in words, `photo` the one answered with a photo. `code` is the SHA-256 of
    the short code by which the person may add who they are later. `mixing` is drawn at random and settles how
    counts are rounded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True)
    version = models.BigIntegerField()
    survey = models.BigIntegerField()
    shop = models.BigIntegerField(null=True)
    device = models.UUIDField(null=True)
    way = models.TextField()
    language = models.TextField()
    policy = models.IntegerField()
    judged_policy = models.IntegerField()
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    texts = models.JSONField(default=list)
    photo = models.TextField(default="", db_default="")
    unfinished = models.BooleanField(default=False)
    customer = models.UUIDField(null=True)
    code = models.BinaryField(null=True)
    mixing = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="surveys_response_language"),
            models.CheckConstraint(
                condition=Q(way__in=["tablet", "qr", "web", "link"]), name="surveys_response_way"
            ),
        ]
        indexes = [
            models.Index(fields=["survey", "answered_at"], name="surveys_response_survey"),
            models.Index(fields=["shop", "answered_at"], name="surveys_response_shop"),
            models.Index(
                fields=["customer"], name="surveys_response_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(fields=["code"], name="surveys_response_code", condition=Q(code__isnull=False)),
        ]


class Refused(models.Model):
    """One envelope that could not be taken in, kept as sealed as it came until somebody has looked at why.

    `key` is the envelope's number; `reason` is a code of `surveys.refusals`.
    """

    key = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()
    device = models.UUIDField(null=True)
    reason = models.TextField()
    received_at = models.DateTimeField()
    refused_at = models.DateTimeField()
    seen_by = models.BigIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
