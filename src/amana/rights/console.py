"""The officer's page: requests by deadline, and what was refused."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from amana.retailer.guard import roles
from amana.rights import queries, shown


@never_cache
@require_safe
@roles("data_protection_officer")
def request_list(request: HttpRequest) -> HttpResponse:
    """List the open requests by deadline, the closed ones, and the counts."""
    labels = {state: label for state, (label, _) in shown.STATES.items()}
    context = {
        "open": [shown.request_row(asked) for asked in queries.open_requests()],
        "closed": [shown.request_row(asked) for asked in queries.closed_requests()],
        "counts": shown.counted(queries.counts(), labels),
        "refusals": shown.counted(queries.refusals(), shown.REASONS),
    }
    return render(request, "rights/requests.html", context)
