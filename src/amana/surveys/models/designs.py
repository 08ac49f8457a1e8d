"""Designs: what is being written, and what was published and never changes again."""

from django.db import models
from django.db.models import Q


class Survey(models.Model):
    """One survey. `revision` is the number of the draft's revision that stands; undo moves it back."""

    id = models.BigAutoField(primary_key=True)
    slug = models.TextField(unique=True)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.BigIntegerField()
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)


class Revision(models.Model):
    """One state of a survey's draft, as `definition.writing` writes it.

    `parent` is the number of the state it was made from: undo goes there, and what was undone stays beside it.
    States saved by themselves, one after the other, are one step: they share `begun_at`, the newest stands for them,
    and the others stay for whoever began on them. `part` is what is being written in such a step, while it is open.
    """

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    parent = models.PositiveIntegerField(default=0)
    definition = models.JSONField()
    made_by = models.BigIntegerField()
    made_at = models.DateTimeField()
    part = models.TextField(null=True)
    begun_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveys_revision_number"),
        ]


class Version(models.Model):
    """One published version of a survey: the database refuses any change to it, and to delete it.

    `hash` is the SHA-256 of the definition's canonical JSON, in hexadecimal; `policy` is the version of the policy
    that ran when it was published.
    """

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    hash = models.TextField()
    policy = models.IntegerField()
    published_by = models.BigIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="surveys_version_number"),
        ]


class Placement(models.Model):
    """Where a survey is open, and how it may be answered there; its latest version is what is asked.

    Without a shop it is open everywhere. `ways` lists `tablet`, `qr`, `web` and `link`.
    """

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="placements")
    shop = models.BigIntegerField(null=True, blank=True)
    ways = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "shop"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="surveys_placement_open",
            ),
        ]
