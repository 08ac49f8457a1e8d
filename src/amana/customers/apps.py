"""Django's name for this room."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """People's own pages. The room keeps nothing of a person by itself."""

    name = "amana.customers"
    label = "customers"
