"""The website's room as a Django application."""

from django.apps import AppConfig


class CollectConfig(AppConfig):
    """Events of the website."""

    name = "amana.collect"
    label = "collect"
