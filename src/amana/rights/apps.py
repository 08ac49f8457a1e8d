"""The rights room as a Django application."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class RightsConfig(AppConfig):
    """Requests of people about their own data, and certificates."""

    name = "amana.rights"
    label = "rights"

    def ready(self) -> None:
        """Declare what this room keeps of a person. Its models exist only now."""
        holdings.register(import_module("amana.rights.holding").HOLDING)
