"""The addresses of the website's room that Django answers; events themselves come in by the raw path."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.collect import console_sources
from amana.collect.tag.urls import API as TAG
from amana.collect.traffic.urls import CONSOLE as TRAFFIC
from amana.collect.traffic.urls import CONSOLE_MENU as TRAFFIC_MENU

API = [*TAG]

CONSOLE = [
    *TRAFFIC,
    path("sources", console_sources.source_list, name="source-list"),
    path("sources/new", console_sources.source_add, name="source-add"),
    path("sources/<int:number>", console_sources.source_shown, name="source"),
    path("sources/<int:number>/write-key", console_sources.source_write_key, name="source-write-key"),
    path("sources/<int:number>/server-key", console_sources.source_server_key, name="source-server-key"),
    path("sources/<int:number>/close", console_sources.source_close, name="source-close"),
]

CONSOLE_MENU = [*TRAFFIC_MENU, ("source-list", _("Sources"), "globe")]
