"""Where the surveys are."""

from django.urls import path

from amana.surveys import public

PUBLIC = [
    path("survey/<slug:slug>", public.survey, name="survey"),
    path("survey/<slug:slug>/thanks", public.thanks, name="survey-thanks"),
    path("survey/<slug:slug>/thanks/<str:token>", public.thanks_with_receipt, name="survey-thanks-receipt"),
]
