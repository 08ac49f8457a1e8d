"""Who asks, where a proxy stands in front."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from amana.kernel import addresses
from amana.web.middleware import Answer

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")


class Origin:
    """Put the visitor's address in the place of a trusted proxy's; believe nobody else's word for it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Correct `REMOTE_ADDR`, and pass the request on without what a stranger claimed to have forwarded."""
        trusted, meta = settings.AMANA_TRUSTED_PROXIES, request.META
        peer = str(meta.get("REMOTE_ADDR", ""))
        holder = addresses.parse(peer)
        if holder is None or not addresses.lies_in(holder, trusted):
            for header in FORWARDED:
                meta.pop(header, None)
            return self.get_response(request)
        meta["REMOTE_ADDR"] = addresses.client_address(peer, meta.get(FORWARDED[0], ""), trusted)
        return self.get_response(request)
