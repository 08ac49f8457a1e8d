"""The room as Django sees it."""

from django.apps import AppConfig

from amana.policy import problems, refusals


class PolicyConfig(AppConfig):
    """Nothing but the room's name, and its refusals known before the first request."""

    name = "amana.policy"
    refusals = (refusals, problems)
