"""The room's addresses alone, as the root of a site."""

from amana.ledger.urls import API

urlpatterns = API
