"""Sources: the websites and systems that may send events."""

from django.db import models


class Source(models.Model):
    """One sender. `write_key` is public, it stands in the pages; of the server key only a hash is kept.

    `origins` are the sites whose pages may send with the write key, as in `https://shop.example`; empty means those of
    the policy. A closed source is refused but its row stays: events name it by number.
    """

    id = models.AutoField(primary_key=True)
    name = models.TextField()
    write_key = models.TextField(unique=True)
    server_key_hash = models.BinaryField(max_length=32, unique=True)
    origins = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
