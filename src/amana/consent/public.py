"""The key with which anybody checks a receipt."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from amana.consent import signing

A_DAY = "public, max-age=86400"


@require_safe
def jwks(request: HttpRequest) -> HttpResponse:
    """Answer the public keys of the receipts (RFC 7517)."""
    found = signing.public_keys(signing.key_path())
    return JsonResponse(
        found,
        content_type="application/jwk-set+json",
        headers={"Cache-Control": A_DAY, "Access-Control-Allow-Origin": "*"},
    )
