"""The room as Django sees it."""

from django.apps import AppConfig

from amana.retailer import refusals


class RetailerConfig(AppConfig):
    """Nothing but the room's name, and its refusals known before the first request."""

    name = "amana.retailer"
    refusals = refusals
