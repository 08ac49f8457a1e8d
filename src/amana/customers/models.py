"""What the room remembers: which words of a letter were kept already, and how often a network came by."""

from django.db import models

from amana.customers.identity.models import Conflict, Detachment, Edge, Merge, Settlement, Undo

__all__ = ["Conflict", "Detachment", "Edge", "Letter", "Merge", "Settlement", "Undo", "Visit"]


class Letter(models.Model):
    """The words of a letter kept by the post room: `digest` (SHA-256) is theirs, `content` their number."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    content = models.UUIDField()


class Visit(models.Model):
    """How often something was tried from one network within the hour.

    `digest` is a keyed hash of the truncated address, the act and the hour: it leads back to nobody, and
    the same network has another one an hour later.
    """

    digest = models.BinaryField(max_length=32, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
