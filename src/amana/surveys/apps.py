"""The surveys as a Django application."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class SurveysConfig(AppConfig):
    """One survey for each shop."""

    name = "amana.surveys"
    label = "surveys"

    def ready(self) -> None:
        """Declare what this room keeps of a person. Its models exist only now."""
        holdings.register(import_module("amana.surveys.holding").HOLDING)
