"""The post room as a Django application."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class PostConfig(AppConfig):
    """Outbox, hand-over, bounces and the mail that comes in."""

    name = "amana.post"
    label = "post"

    def ready(self) -> None:
        """Declare what this room keeps of a person. Its models exist only now."""
        holdings.register(import_module("amana.post.holding").HOLDING)
