"""The room as Django sees it."""

from django.apps import AppConfig

from amana.ledger import refusals


class LedgerConfig(AppConfig):
    """Nothing but the room's name, and its refusals known before the first request."""

    name = "amana.ledger"
    refusals = refusals
