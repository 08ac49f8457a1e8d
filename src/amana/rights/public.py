"""The certificate of an erasure: anybody who has its number may read and check it. It names nobody."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amana.rights import queries, shown

# A certificate's number stands in its address: it goes to nobody else.
PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Show one certificate."""
    issued = queries.get_certificate(number)
    answer = render(request, "rights/certificate.html", {"certificate": shown.certificate_page(issued)})
    return _private(answer)


@require_safe
def certificate_download(request: HttpRequest, number: str) -> HttpResponse:
    """Hand over the signed certificate (JWS, RFC 7515) with its proof in the ledger."""
    issued = queries.get_certificate(number)
    proof = None if issued.inclusion is None else issued.inclusion.as_dict()
    answer = JsonResponse({"certificate": issued.signed, "inclusion": proof})
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{issued.number}.json"'
    return _private(answer)


def _private(answer: HttpResponse) -> HttpResponse:
    for name, value in PRIVATE.items():
        answer.headers[name] = value
    return answer
