"""The desk as a Django application."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class DeskConfig(AppConfig):
    """The mailbox of customer service."""

    name = "amana.desk"
    label = "desk"

    def ready(self) -> None:
        """Declare what this room keeps of a person. Its models exist only now."""
        holdings.register(import_module("amana.desk.holding").HOLDING)
