"""A Django view that does nothing, served the way ours are: what the notice is measured against."""

import os
from typing import Any, cast

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = b"x" * int(os.environ.get("BENCH_BYTES", "2"))


def answer(request: HttpRequest) -> HttpResponse:
    """Answer as many bytes as the notice has."""
    return HttpResponse(BODY)


urlpatterns = [path("", answer)]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bare", MIDDLEWARE=[])
django.setup()
application = WSGIMiddleware(cast(Any, WSGIHandler()), workers=8)
