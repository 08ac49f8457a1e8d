"""The record as anybody may fetch it: C2SP tlog-tiles below `/ledger/`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from amana.ledger import queries, tiles

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
A_MOMENT = "public, max-age=2"


def _answer(content: bytes | str, kind: str, cache: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Cache-Control": cache, "Access-Control-Allow-Origin": "*"}
    )


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Answer the latest signed checkpoint."""
    found = queries.find_checkpoint()
    if found is None:
        raise Http404
    return _answer(found.note, TEXT, A_MOMENT)


@require_safe
def witnessed(request: HttpRequest, key_id: str) -> HttpResponse:
    """Answer the newest checkpoint that the witness of this key id cosigned: the latest may be seconds old."""
    found = queries.find_witnessed(key_id)
    if found is None:
        raise Http404
    return _answer(found.note, TEXT, A_MOMENT)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponse:
    """Answer a tile of hashes or a bundle of entries: a full one for ever, a partial one for a day."""
    address = tiles.find_address(path)
    content = None if address is None else queries.find_resource(address)
    if address is None or content is None:
        raise Http404
    return _answer(content, BYTES, FOR_EVER if address.width == tiles.WIDTH else A_DAY)


@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """Answer the key that signs checkpoints, as a vkey. Who verifies pins it once and compares ever after."""
    vkey = queries.find_key()
    if vkey is None:
        raise Http404
    return _answer(f"{vkey}\n", TEXT, A_MOMENT)
