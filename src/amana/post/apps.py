"""The post room as a Django application."""

from django.apps import AppConfig


class PostConfig(AppConfig):
    """Outbox, hand-over, bounces and the mail that comes in."""

    name = "amana.post"
    label = "post"
