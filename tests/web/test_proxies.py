"""A proxy's word counts, a stranger's does not."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from amana.kernel import addresses
from amana.web.proxies import Origin


@pytest.fixture(autouse=True)
def behind_a_proxy(settings: Any) -> None:
    settings.AMANA_TRUSTED_PROXIES = addresses.networks("10.0.0.0/8")
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def seen(peer: str) -> tuple[str, bool]:
    """Return the address and the security that a page sees of a request that `peer` hands over."""
    told: list[tuple[str, bool]] = []

    def answer(request: HttpRequest) -> HttpResponse:
        told.append((str(request.META["REMOTE_ADDR"]), request.is_secure()))
        return HttpResponse()

    headers = {"X-Forwarded-For": "203.0.113.9, 198.51.100.4", "X-Forwarded-Proto": "https"}
    Origin(answer)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    return told[0]


def test_behind_a_trusted_proxy_a_page_sees_the_visitor() -> None:
    assert seen("10.1.1.1") == ("198.51.100.4", True)


def test_nobody_else_speaks_for_a_visitor_or_for_tls() -> None:
    assert seen("192.0.2.1") == ("192.0.2.1", False)
