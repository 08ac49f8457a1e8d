"""What the room remembers: words of letters kept already, how often a network came by, who is signed in."""

from django.db import models

from amana.customers.identity.models import Conflict, Detachment, Edge, Merge, Settlement, Undo

__all__ = [
    "Conflict", "Detachment", "Edge", "Handover", "Letter", "Merge", "Session", "Settlement", "Undo", "Visit",
]  # fmt: skip


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


class Session(models.Model):
    """Somebody is signed in. `digest` (SHA-256) is the cookie's; their link is `sealed` under what only it holds."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    customer = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)


class Handover(models.Model):
    """A word on its way to the website. `digest` (SHA-256) is over it and the end of its browser's anonymous id."""

    digest = models.BinaryField(max_length=32, primary_key=True)
    customer = models.UUIDField(db_index=True)
    includes_before = models.BooleanField()
    ends_at = models.DateTimeField(db_index=True)
