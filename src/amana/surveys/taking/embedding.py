"""Surveys on other pages: `/survey.js` puts a survey into a frame wherever a page says so.

    <script async src="https://HOST/survey.js"></script>
    <div data-amana-survey="product" data-shop="deira" data-language="ar"></div>

The frame is sandboxed, sets no cookie and stores nothing; only the sites that the policy names may show it.
"""

from typing import Any, Final, cast

from csp.constants import SELF
from django.http import HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from amana.policy import queries as policy
from amana.surveys.taking import asked, assets
from amana.surveys.taking.public import View, anonymous, answered

A_DAY: Final = "public, max-age=86400, stale-while-revalidate=604800"


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """Send the script that websites embed: the same for everybody."""
    response = assets.sent(request, assets.loader(), kept=A_DAY)
    # Shops fetch it from their own origins, some with `crossorigin` for the sake of `integrity`.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _frameable(view: View) -> View:
    """Let the sites that the policy names show a page in a frame."""

    def reached(request: HttpRequest, **named: str) -> HttpResponse:
        response = view(request, **named)
        origins = policy.current().policy.website.origins
        setattr(response, "_csp_replace", {"frame-ancestors": [SELF, *origins]})  # noqa: B010  (as its decorator does)
        return response

    return cast(View, cast(Any, xframe_options_exempt)(reached))


@_frameable
@anonymous
def in_shop(request: HttpRequest, shop: str, slug: str) -> HttpResponse:
    """Ask in a frame, about a shop."""
    return answered(request, asked.get(shop=shop, survey=slug, way="web"), framed=True)


@_frameable
@anonymous
def anywhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask in a frame."""
    return answered(request, asked.get(shop=None, survey=slug, way="web"), framed=True)
