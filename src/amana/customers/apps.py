"""Django's name for this room."""

from importlib import import_module

from django.apps import AppConfig

from amana.gate import holdings


class CustomersConfig(AppConfig):
    """People's own pages, and whose browser is whose."""

    name = "amana.customers"
    label = "customers"

    def ready(self) -> None:
        """Declare what this room keeps of a person. Its models exist only now."""
        holdings.register(import_module("amana.customers.holding").HOLDING)
