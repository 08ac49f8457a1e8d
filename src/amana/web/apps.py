"""Django's name for this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell."""

    name = "amana.web"
    label = "web"
