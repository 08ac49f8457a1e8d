"""The website's room as a Django application."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class CollectConfig(AppConfig):
    """Events of the website."""

    name = "amana.collect"
    label = "collect"

    def ready(self) -> None:
        """Declare what this room keeps of a person. What it reads exists only now."""
        holdings.register(import_module("amana.collect.holding").HOLDING)
