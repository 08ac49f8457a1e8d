"""Addresses of the record. They are for machines and carry no language."""

from django.urls import URLPattern, path

from amana.ledger import public

PUBLIC_API: list[URLPattern] = [
    path("ledger/checkpoint", public.checkpoint, name="ledger-checkpoint"),
    path("ledger/witnessed/<str:key_id>", public.witnessed, name="ledger-witnessed"),
    path("ledger/key", public.key, name="ledger-key"),
    path("ledger/tile/<path:path>", public.tile, name="ledger-tile"),
]
API = PUBLIC_API
