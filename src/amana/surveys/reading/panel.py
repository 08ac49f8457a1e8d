"""The themes of one survey, for the page of its results."""

from django.urls import reverse

from amana.surveys.reading import figures, shown
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.shown import Reader, Table


def themes(survey: int, asked: Asked, reader: Reader) -> Table:
    """Return the table that `surveys/reading/panel.html` shows as `themes`; its rows lead to the pages of themes."""
    return shown.themes(figures.themes(asked, survey), asked, reverse("survey-themes"), reader)
