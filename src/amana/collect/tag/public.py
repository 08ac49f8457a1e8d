"""Where websites fetch the tag: `/amana.js`."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from amana.collect.tag.script import script
from amana.policy import queries

# A day, and a week more while a new one is fetched: what a policy of today forbids, the server refuses meanwhile.
KEPT = "public, max-age=86400, stale-while-revalidate=604800"


@require_safe
def tag(request: HttpRequest) -> HttpResponse:
    """Send the tag: the same for everybody, so that every cache may keep it."""
    made = script(queries.current().policy.website)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f'"{made.etag}{"-gzip" if zipped else ""}"'
    response: HttpResponse
    # Caches on the way may have weakened the tag; the bytes are the same.
    held = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    if etag in held:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(
            made.gzipped if zipped else made.plain, content_type="text/javascript; charset=utf-8"
        )
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = KEPT
    # Shops fetch it from their own origins, some with `crossorigin` for the sake of `integrity`.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    setattr(response, "same_for_all", True)  # noqa: B010  (read by the middleware that sets headers)
    return response
