"""Tablets: which may send answers, for which shop, and how they were when they last called."""

import uuid

from django.db import models


class Device(models.Model):
    """One enrolled tablet. `key` is its public key as a JWK (P-256, for ES256); a revoked device sends nothing more."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    shop = models.BigIntegerField()
    name = models.TextField()
    key = models.JSONField()
    enrolled_at = models.DateTimeField()
    enrolled_by = models.BigIntegerField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.BigIntegerField(null=True)
    synced_at = models.DateTimeField(null=True)
    unsent = models.PositiveIntegerField(default=0)
    battery = models.PositiveSmallIntegerField(null=True)
    software = models.TextField(default="")
    policy = models.IntegerField(null=True)
    skew_ms = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop"], name="surveys_device_shop")]


class FormerShop(models.Model):
    """A shop in which a tablet was until it was moved: answers given there may still be on it."""

    id = models.BigAutoField(primary_key=True)
    device = models.UUIDField()
    shop = models.BigIntegerField()
    left_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["device"], name="surveys_formershop_device")]


class Enrolment(models.Model):
    """A code, shown once to staff, by which a tablet makes itself known; only its SHA-256 is kept."""

    code = models.BinaryField(primary_key=True)
    shop = models.BigIntegerField()
    name = models.TextField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    device = models.UUIDField(null=True)
