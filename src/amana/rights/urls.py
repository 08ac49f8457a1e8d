"""Where certificates and the officer's requests are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.rights import console, public

PUBLIC = [
    path("certificate/<str:number>", public.certificate, name="certificate"),
    path("certificate/<str:number>/certificate.json", public.certificate_download, name="certificate-json"),
]

CONSOLE = [path("requests", console.request_list, name="request-list")]

CONSOLE_MENU = [("request-list", _("Requests"), "shield")]
