"""Where the traffic pages are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.collect.traffic import console

CONSOLE = [
    path("traffic", console.overview, name="traffic"),
    path("traffic/now", console.now, name="traffic-live"),
    path("traffic/<slug:name>.csv", console.as_csv, name="traffic-csv"),
    path("traffic/<slug:name>", console.detail, name="traffic-detail"),
    path("intake", console.accepted_and_dropped, name="intake"),
    path("intake/<slug:name>.csv", console.intake_csv, name="intake-csv"),
]

# Name of the page, label, icon of the sprite.
CONSOLE_MENU = [("traffic", _("Traffic"), "chart"), ("intake", _("Event intake"), "filter")]
