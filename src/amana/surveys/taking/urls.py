"""Where surveys are taken."""

from django.urls import path

from amana.surveys.taking import assets, code_pages, console, embedding, public

API = [
    path("survey.js", embedding.loader, name="survey-loader"),
    path("surveys/<str:name>", assets.asset, name="survey-asset"),
    path("i/<str:token>", public.by_language, name="survey-invited"),
]

CONSOLE = [path("surveys/asking", console.rules, name="survey-rules")]

PUBLIC = [
    # No shop may be called so, and this is short enough to be written by hand.
    path("survey/code", code_pages.code, name="survey-code"),
    path("survey/<slug:shop>", public.survey, name="survey"),
    path("survey/<slug:shop>/<slug:slug>", public.survey, name="survey-in-shop"),
    path("survey/<slug:shop>/<slug:slug>/frame", embedding.in_shop, name="survey-frame-in-shop"),
    path("surveys/<slug:slug>", public.linked, name="survey-linked"),
    path("surveys/<slug:slug>/frame", embedding.anywhere, name="survey-frame"),
]
