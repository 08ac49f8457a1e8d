"""Where the tablets and the posters are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.surveys.tablet import console, console_posters, public

API = [
    path("tablet/worker.js", public.worker, name="tablet-worker"),
    path("tablet/app.webmanifest", public.manifest, name="tablet-manifest"),
    path("tablet/<str:name>", public.asset, name="tablet-asset"),
]

PUBLIC = [path("tablet", public.tablet, name="tablet")]

CONSOLE = [
    path("tablets", console.fleet, name="tablet-list"),
    path("tablets/new", console.enrol, name="tablet-enrol"),
    path("tablets/refused/seen", console.refused_seen, name="refused-seen"),
    path("tablets/refused/again", console.refused_again, name="refused-again"),
    path("tablets/<uuid:number>", console.tablet, name="tablet-shown"),
    path("tablets/<uuid:number>/name", console.rename, name="tablet-rename"),
    path("tablets/<uuid:number>/shop", console.move, name="tablet-move"),
    path("tablets/<uuid:number>/revoke", console.revoke, name="tablet-revoke"),
    path("posters", console_posters.poster_list, name="poster-list"),
    path("posters/<str:paper>.pdf", console_posters.poster_all, name="poster-all"),
    path("posters/<slug:slug>/<str:paper>.pdf", console_posters.poster, name="poster"),
]

CONSOLE_MENU = [("tablet-list", _("Tablets"), "phone")]
