"""The addresses of the website's room that Django answers; events themselves come in by the raw path."""

from amana.collect.tag.urls import API as TAG

API = [*TAG]
