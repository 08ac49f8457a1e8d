"""Where the campaigns' pages are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.campaigns import console

CONSOLE = [
    path("campaigns", console.campaign_list, name="campaign-list"),
    path("campaigns/new", console.new, name="campaign-new"),
    path("campaigns/advice", console.advice, name="campaign-advice"),
    path("campaigns/<uuid:number>", console.campaign, name="campaign"),
    path("campaigns/<uuid:number>/edit", console.edit, name="campaign-edit"),
    path("campaigns/<uuid:number>/preview/<str:code>", console.preview, name="campaign-preview"),
    path("campaigns/<uuid:number>/reach", console.reach, name="campaign-reach"),
    path("campaigns/<uuid:number>/send", console.send, name="campaign-send"),
    path("campaigns/<uuid:number>/progress", console.progress, name="campaign-progress"),
    path("campaigns/<uuid:number>/pause", console.pause, name="campaign-pause"),
    path("campaigns/<uuid:number>/resume", console.resume, name="campaign-resume"),
    path("campaigns/<uuid:number>/stop", console.stop, name="campaign-stop"),
    path("campaigns/<uuid:number>/duplicate", console.duplicate, name="campaign-duplicate"),
    path("campaigns/<uuid:number>/delete", console.delete, name="campaign-delete"),
    path("campaigns/<uuid:number>/report.csv", console.report_csv, name="campaign-report-csv"),
]

# Name of the page, label, icon of the sprite.
CONSOLE_MENU = [("campaign-list", _("Campaigns"), "mail")]
