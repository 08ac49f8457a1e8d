"""The addresses of the website's room that Django answers; events themselves come in by the raw path."""

from amana.collect.tag.urls import API as TAG
from amana.collect.traffic.urls import CONSOLE, CONSOLE_MENU

__all__ = ["API", "CONSOLE", "CONSOLE_MENU"]

API = [*TAG]
