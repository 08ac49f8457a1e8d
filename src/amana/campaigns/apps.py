"""Django's name for this room."""

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """Promotions by e-mail."""

    name = "amana.campaigns"
    label = "campaigns"
