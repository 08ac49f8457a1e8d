"""Where the pages of results are."""

from django.urls import path

from amana.surveys.results import console

CONSOLE = [
    path("surveys/<int:number>/results", console.results, name="survey-results"),
    *(
        path(
            f"surveys/<int:number>/results.{kind}",
            console.file,
            {"kind": kind},
            name=f"survey-results-{kind}",
        )
        for kind in ("csv", "xlsx", "parquet")
    ),
]
