"""Where people's own pages are. The letters stand in every mail, so they are short and stay as they are."""

from django.urls import path

from amana.customers import public, receipt

PUBLIC = [
    path("preferences", public.ask_for_link, name="preferences"),
    path("c/<str:token>", public.confirm, name="link-confirm"),
    path("u/<str:token>", public.unsubscribe, name="link-unsubscribe"),
    path("p/<str:token>", public.preferences, name="link-preferences"),
    path("e/<str:token>", public.erase, name="link-erase"),
    path("r/<str:token>", receipt.page, name="link-receipt"),
    path("r/<str:token>/receipt.jws", receipt.download, name="link-receipt-jws"),
]
