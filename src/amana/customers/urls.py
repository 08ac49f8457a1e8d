"""Where people's own pages are. The letters stand in every mail, so they are short and stay as they are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.customers import portal, public, receipt, signing_in
from amana.customers.identity import console

PUBLIC = [
    path("preferences", public.ask_for_link, name="preferences"),
    path("sign-in", signing_in.ask, name="sign-in"),
    path("s/<str:token>", signing_in.enter, name="link-sign-in"),
    path("c/<str:token>", public.confirm, name="link-confirm"),
    path("u/<str:token>", public.unsubscribe, name="link-unsubscribe"),
    path("p/<str:token>", public.preferences, name="link-preferences"),
    path("e/<str:token>", public.erase, name="link-erase"),
    path("r/<str:token>", receipt.page, name="link-receipt"),
    path("r/<str:token>/receipt.jws", receipt.download, name="link-receipt-jws"),
]

PORTAL = [
    path("", portal.me, name="me"),
    path("back", portal.back, name="me-back"),
    path("sign-out", portal.leave, name="me-sign-out"),
    path("receipt", portal.own_receipt, name="me-receipt"),
    path("receipt/receipt.jws", portal.own_receipt_download, name="me-receipt-jws"),
]

CONSOLE = [
    path("customers", console.conflicts, name="identity"),
    path("customers/<uuid:number>", console.customer, name="identity-customer"),
    path("customers/<uuid:number>/detach", console.detach, name="identity-detach"),
    path("customers/<uuid:number>/merge", console.merge, name="identity-merge"),
    path("customers/<uuid:number>/merge/<int:made>/undo", console.undo, name="identity-undo"),
    path("customers/conflict/<int:conflict>", console.settle, name="identity-settle"),
]

CONSOLE_MENU = [("identity", _("Customers' browsers"), "user")]
