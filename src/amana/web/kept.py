"""The page that most people read and that changes least: made once, as long as all that stands on it is the same."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override

from amana.kernel.text import LANGUAGES, Language
from amana.web import branding, proofs
from amana.web.journal import POLICY, look
from amana.web.middleware import LOST, Answer

Page = tuple[tuple[tuple[str, str], ...], bytes]


class Kept:
    """Answer with the notice made before for this version, language, brand and figures; else pass the request on.

    How the erase journal stands is asked for this page as for every other.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with what is kept, or keep what is answered."""
        language = _notices().get(request.path)
        if language is None or not _same_for_all(request):
            return self.get_response(request)
        try:
            serving = look()
        except LOST:
            return self.get_response(request)
        if serving.refusal is not None or serving.policy is None:
            return self.get_response(request)
        request.get_host()  # refuses a host that is not ours, as it does before every other page
        kept = _made(request.path, serving.policy, branding.brand(), tuple(proofs.proofs(language)))
        if kept:
            headers, content = kept[0]
            return HttpResponse(content, headers=dict(headers))
        answer = self.get_response(request)
        if _may_keep(answer) and getattr(request, POLICY, None) == serving.policy:
            kept.append((tuple(answer.items()), answer.content))
        return answer


@lru_cache(maxsize=32)
def _made(address: str, *shown: object) -> list[Page]:
    """Return the place where what was made for exactly this is kept."""
    del address, shown
    return []


@lru_cache(maxsize=1)
def _notices() -> dict[str, Language]:
    """Return the language of each of the running notice's addresses."""
    found: dict[str, Language] = {}
    for language in LANGUAGES:
        with override(language):
            found[reverse("notice")] = language
    return found


def _same_for_all(request: HttpRequest) -> bool:
    """Tell whether nothing of this request alone, such as a message to its reader, would stand on the page."""
    told = request.COOKIES.get("messages")
    return request.method == "GET" and not request.META.get("QUERY_STRING") and not told


def _may_keep(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and not answer.streaming and not answer.cookies
