"""The record of processing for those who watch over it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.kernel.text import reader_language
from amana.policy import queries, record

READERS = frozenset({"data_protection_officer", "auditor"})

View = TypeVar("View", bound=Callable[..., Any])


def _for_readers(view: View) -> View:
    # The mark that the console's guard reads; the room that owns it stands above this one.
    setattr(view, "amana_roles", READERS)  # noqa: B010
    return view


@never_cache
@require_safe
@_for_readers
def processing_record(request: HttpRequest) -> HttpResponse:
    """Show the record of processing of the running policy."""
    published, language = queries.current(), reader_language()
    context = {
        "version": published.version.number,
        "headings": record.headings(language),
        "rows": record.table(published, language),
    }
    return render(request, "policy/record.html", context)


@never_cache
@require_safe
@_for_readers
def processing_record_csv(request: HttpRequest) -> HttpResponse:
    """Hand over the record as a CSV file."""
    published, language = queries.current(), reader_language()
    name = f"processing-record-v{published.version.number}-{language}.csv"
    # Without the mark, spreadsheets read Arabic as Latin-1.
    text = record.as_csv(published, language)
    return HttpResponse(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
