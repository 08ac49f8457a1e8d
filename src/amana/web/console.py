"""Where each member of staff begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amana.retailer.guard import roles

EVERYBODY = (
    "marketing", "service", "analyst", "shop_manager", "data_protection_officer", "administrator", "auditor",
)  # fmt: skip


@roles(*EVERYBODY)
def home(request: HttpRequest) -> HttpResponse:
    """Show the way to what this role does."""
    return render(request, "web/home.html", {})
