"""Where the pages of themes, demand and what is kept back are."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.surveys.reading import console, console_kept

CONSOLE = [
    path("themes", console.themes, name="survey-themes"),
    path("themes/answers", console.opened, name="survey-theme-answers"),
    path("themes/how", console.how, name="survey-themes-how"),
    path("demand", console.demand, name="survey-demand"),
    path("demand/<slug:about>.csv", console.demand_file, {"kind": "csv"}, name="survey-demand-csv"),
    path("demand/<slug:about>.xlsx", console.demand_file, {"kind": "xlsx"}, name="survey-demand-xlsx"),
    path("kept-back", console_kept.listed, name="survey-kept-back"),
    path("kept-back/<uuid:response>", console_kept.report, name="survey-keep-back"),
    path("kept-back/<int:number>/open", console_kept.opened, name="survey-kept-back-open"),
    path("kept-back/<int:number>/free", console_kept.free, name="survey-kept-back-free"),
    path("kept-back/<int:number>/delete", console_kept.delete, name="survey-kept-back-delete"),
]

# Name of the page, label, icon of the sprite.
CONSOLE_MENU = [
    ("survey-themes", _("Themes"), "chat"),
    ("survey-demand", _("Demand"), "chart"),
    ("survey-kept-back", _("Kept back"), "shield"),
]
