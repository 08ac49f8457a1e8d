"""The page that most people read and that changes least: made once, as long as all that stands on it is the same."""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from amana.kernel.text import reader_language
from amana.policy.notice import Proofs
from amana.web import branding
from amana.web.journal import POLICY

View = Callable[..., HttpResponse]


def pages(patterns: Iterable[URLPattern]) -> list[URLPattern]:
    """Return the policy's pages with the running notice kept."""
    return [
        URLPattern(page.pattern, notice(page.callback), page.default_args, page.name)
        if page.name == "notice"
        else page
        for page in patterns
    ]


def notice(view: View) -> View:
    """Answer with the page made before for this version, language, brand and figures; else ask the view."""

    @lru_cache(maxsize=32)
    def made(address: str, *shown: object) -> list[bytes]:
        del address, shown
        return []

    @wraps(view)
    def kept(request: HttpRequest, proofs: Proofs) -> HttpResponse:
        if not _same_for_all(request):
            return view(request, proofs)
        language = reader_language()
        figures = tuple(proofs(language))
        page = made(request.path, getattr(request, POLICY), language, branding.brand(), figures)
        if not page:
            answer = view(request, proofs)
            if answer.status_code != 200:
                return answer
            page.append(answer.content)
        return HttpResponse(page[0])

    return kept


def _same_for_all(request: HttpRequest) -> bool:
    """Tell whether nothing of this request alone, such as a message to its reader, would stand on the page."""
    told = request.COOKIES.get("messages")
    return request.method == "GET" and not request.META.get("QUERY_STRING") and not told
