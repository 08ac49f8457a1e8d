"""Ratings: what was thought of a visit, without a name."""

import uuid

from django.db import models
from django.db.models import Q


class Response(models.Model):
    """One answered survey. The customer is emptied when they are erased; the rating stays for the counts.

    `key` is the form's own number, so that one form sent twice counts once. `survey` and `policy` are
    versions.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.UUIDField(unique=True)
    survey = models.PositiveSmallIntegerField()
    shop = models.BigIntegerField()
    rating = models.PositiveSmallIntegerField()
    language = models.TextField()
    policy = models.IntegerField()
    answered_at = models.DateTimeField()
    customer = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="surveys_response_rating"),
            models.CheckConstraint(condition=Q(language__in=["ar", "en"]), name="surveys_response_language"),
        ]
        indexes = [
            models.Index(fields=["shop", "answered_at"], name="surveys_response_shop"),
            models.Index(fields=["customer"], name="surveys_response_customer"),
        ]
