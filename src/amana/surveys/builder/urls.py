"""Where surveys are designed."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from amana.surveys.builder import (
    console_edit,
    console_files,
    console_keep,
    console_list,
    console_places,
    console_publish,
    console_texts,
    console_trial,
)

CONSOLE = [
    path("surveys", console_list.survey_list, name="survey-list"),
    path("surveys/new", console_list.new, name="survey-new"),
    path("surveys/import", console_files.take_in, name="survey-import"),
    path("surveys/<int:number>", console_edit.design, name="survey-design"),
    path("surveys/<int:number>/part/<str:name>", console_edit.part, name="survey-part"),
    path("surveys/<int:number>/check", console_edit.check, name="survey-check-whole"),
    path("surveys/<int:number>/check/<str:name>", console_edit.check, name="survey-check"),
    path("surveys/<int:number>/keep", console_keep.keep, name="survey-keep-whole"),
    path("surveys/<int:number>/keep/<str:name>", console_keep.keep, name="survey-keep"),
    path("surveys/<int:number>/texts", console_texts.side_by_side, name="survey-texts"),
    path("surveys/<int:number>/texts/keep", console_keep.keep_texts, name="survey-keep-texts"),
    path("surveys/<int:number>/preview", console_trial.preview, name="survey-preview"),
    path("surveys/<int:number>/trial", console_trial.trial, name="survey-trial"),
    path("surveys/<int:number>/ready", console_publish.ready, name="survey-ready"),
    path("surveys/<int:number>/publish", console_publish.publish, name="survey-publish"),
    path("surveys/<int:number>/places", console_places.places, name="survey-places"),
    path("surveys/<int:number>/places/<slug:shop>.svg", console_places.qr, name="survey-qr"),
    path("surveys/<int:number>/close", console_places.close, name="survey-close"),
    path("surveys/<int:number>/reopen", console_places.reopen, name="survey-reopen"),
    path("surveys/<int:number>/versions", console_publish.versions, name="survey-versions"),
    path("surveys/<int:number>/versions/<int:version>", console_publish.version, name="survey-version"),
    path(
        "surveys/<int:number>/versions/<int:version>.json",
        console_files.export_version,
        name="survey-export-version",
    ),
    path("surveys/<int:number>/history", console_publish.history, name="survey-history"),
    path("surveys/<int:number>/restore", console_publish.restore, name="survey-restore"),
    path("surveys/<int:number>/copy", console_list.copy, name="survey-copy"),
    path("surveys/<int:number>/delete", console_list.delete, name="survey-delete"),
    path("surveys/<int:number>/file.<str:kind>", console_files.export, name="survey-export"),
]

# Name of the page, label, icon of the sprite.
CONSOLE_MENU = [("survey-list", _("Surveys"), "survey")]
