"""Where everything is: each room's pages, mounted behind the guard that fits who may reach them."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from amana.policy.urls import pages as notice_pages
from amana.web import backups, console, errors, gallery, guards, proofs, public, record
from amana.web.menus import rooms
from amana.web.shop.urls import PAGES as shop


def _pages(kind: str) -> list[URLPattern]:
    return [page for room in rooms() for page in getattr(room, kind, ())]


urlpatterns: list[URLPattern | URLResolver] = [
    *guards.machines(
        [
            *_pages("API"),
            path("", public.by_language, name="root"),
            path("healthz", public.health, name="health"),
            path("brand.css", public.brand_css, name="brand-css"),
            path("favicon.ico", public.favicon, name="favicon"),
        ]
    ),
    # Its pages carry their language themselves: a website is no part of the portal.
    *guards.public(shop),
    *i18n_patterns(
        *guards.public(
            [
                path("", public.front, name="front"),
                path("gallery", gallery.pieces, name="gallery"),
                *notice_pages(proofs.proofs),
                *_pages("PUBLIC"),
            ]
        ),
        path("me/", include(guards.portal(_pages("PORTAL")))),
        path(
            "console/",
            include(
                guards.console(
                    [
                        path("", console.home, name="console-home"),
                        path("backups", backups.backup_list, name="backup-list"),
                        path("record", record.record, name="public-record"),
                        *_pages("CONSOLE"),
                    ]
                )
            ),
        ),
    ),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.missing
handler500 = errors.broken
