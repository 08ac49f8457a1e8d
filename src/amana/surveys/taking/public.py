"""The pages on which surveys are taken: with scripts one section at a time, without them all on one page."""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from amana.customers import limits
from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.kernel.text import LANGUAGES, Language, reader_language
from amana.policy import queries as policy
from amana.surveys.intake import keys
from amana.surveys.loop import queries as loop
from amana.surveys.loop.queries import Note
from amana.surveys.taking import answering, asked, assets, codes, invited, words
from amana.surveys.taking.asked import Asked, Way
from amana.surveys.taking.reading import Posted, Reader
from amana.surveys.taking.shown import Sheet

ANSWERS_AN_HOUR = 300
View = Callable[..., HttpResponse]


def anonymous(view: View) -> View:
    """Serve a page on which nobody is known: no cookie, so no token against forged requests either, and compressed.

    A form that carries nobody's rights cannot be forged in anybody's name; one sent from another site is still refused.
    """
    plain: Any = never_cache(require_http_methods(["GET", "HEAD", "POST"])(view))
    return cast(View, csrf_exempt(gzip_page(plain)))


@anonymous
def survey(request: HttpRequest, shop: str, slug: str | None = None) -> HttpResponse:
    """Ask somebody in a shop."""
    return answered(request, asked.get(shop=shop, survey=slug, way=_way(request)))


@anonymous
def linked(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask somebody who is in no shop."""
    return answered(request, asked.get(shop=None, survey=slug, way=_way(request)))


def _way(request: HttpRequest) -> Way:
    return "qr" if request.GET.get("by") == "qr" else "link"


def answered(request: HttpRequest, found: Asked, *, framed: bool = False) -> HttpResponse:
    """Show a survey, or take in what was posted and thank for it."""
    language = reader_language()
    if request.method != "POST":
        return _page(request, found, language, Posted(), framed=framed)
    reader = Reader(language, found.country, clock.today(found.country))
    posted = reader.read(found.form, request.POST, cast("MultiValueDict[str, Any]", request.FILES))
    problem, status = _take(request, found, language, posted)
    if problem is None:
        return _thanks(request, found, language, posted, framed=framed)
    return _page(request, found, language, posted, framed=framed, problem=problem, status=status)


def _take(request: HttpRequest, found: Asked, language: Language, posted: Posted) -> tuple[str | None, int]:
    """Take the answers in; return what is to be said instead, and the status, where they were not."""
    try:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise Refusal.of(answering.ELSEWHERE)
        if answering.changed(request.POST, found):
            answering.untick(found, posted)
            return words.told("changed", language), 409
        limits.check(act="survey", address=str(request.META.get("REMOTE_ADDR", "")), most=ANSWERS_AN_HOUR)
        answering.judge(found, posted, seed=str(_key(request)), language=language)
        if posted.wrong:
            return words.told("mend", language), 400
        if not answering.turned_away(found, posted):
            answering.take(
                found,
                posted,
                key=_key(request),
                code=_code(request),
                language=language,
                started=_started(request),
            )
    except Refusal as refusal:
        return refusal.message_in(language), refusal.status
    return None, 200


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _code(request: HttpRequest) -> str:
    return codes.read(request.POST.get("code", "")) or codes.make()


def _started(request: HttpRequest) -> int:
    now, given = int(clock.now().timestamp() * 1000), request.POST.get("started", "")
    return min(int(given), now) if given.isascii() and given.isdigit() and len(given) < 15 else now


def _page(
    request: HttpRequest,
    found: Asked,
    language: Language,
    posted: Posted,
    *,
    framed: bool,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    key = _key(request)
    sheet = Sheet(found.form, language, posted, str(key))
    running = policy.current()
    page = {
        **_around(request, found, language, framed=framed),
        "parts": sheet.parts(),
        "intro": found.form.get("intro"),
        "problem": problem,
        "gpc": running.policy.automatic.honours_gpc and request.headers.get("Sec-GPC") == "1",
        "key": key,
        "code": _code(request),
        "version": found.version.number,
        "policy": running.version.number,
        "started": request.POST.get("started", "") or int(clock.now().timestamp() * 1000),
        "under": words.told("version", language, n=sheet.digits(running.version.number)),
        "told": _told(request, found) if status == 200 else "",
        "script": assets.address(assets.script()) if status == 200 else "",
    }
    response = render(request, "surveys/take/form.html", page, status=status)
    patch_vary_headers(response, ["Sec-GPC"])
    return response


def _around(request: HttpRequest, found: Asked, language: Language, *, framed: bool) -> Mapping[str, Any]:
    return {
        "title": found.title_in(language),
        "place": found.place,
        "framed": framed,
        "sheet": assets.address(assets.sheet()),
        "say": words.table()[language],
        "code_page": "" if framed else reverse("survey-code"),
        "changed": _changed(found),
        "shop_slug": found.shop.slug if found.shop else "",
    }


def _changed(found: Asked) -> Note | None:
    """Return what the shop changed last after what its visitors said, if it says so."""
    return next(iter(loop.published(found.shop.id, most=1)), None) if found.shop else None


def _told(request: HttpRequest, found: Asked) -> str:
    """Return what the script is told: the form with both languages, and the key to seal for."""
    said = {
        "form": found.form,
        "way": found.way,
        "shop": found.shop.slug if found.shop else None,
        "full": found.full,
        "gpc": policy.current().policy.automatic.honours_gpc,
        "key": keys.public_jwk(),
        "titles": {language: found.title_in(language) for language in LANGUAGES},
        "addresses": {language: _translated(request, language) for language in LANGUAGES},
        "policy": _named("notice"),
        "code": _named("survey-code"),
        "receipt": _named("link-receipt", "TOKEN"),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _named(name: str, *parts: str) -> Mapping[Language, str]:
    found: dict[Language, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found[language] = reverse(name, args=parts)
    return found


def _translated(request: HttpRequest, language: Language) -> str:
    path = request.get_full_path()
    return f"/{language}{path[3:]}"


def _thanks(
    request: HttpRequest, found: Asked, language: Language, posted: Posted, *, framed: bool
) -> HttpResponse:
    sheet = Sheet(found.form, language, posted, "")
    full = answering.turned_away(found, posted)
    token = None if full else answering.receipt_of(_key(request))
    nameless = not full and not answering.names_somebody(found, posted)
    page = {
        **_around(request, found, language, framed=framed),
        "words": sheet.text(full["message"]) if full else sheet.text(found.form.get("thanks")),
        "receipt": reverse("link-receipt", args=[token]) if token else "",
        "code": codes.spelt(_code(request)) if nameless else "",
    }
    response = render(request, "surveys/take/thanks.html", page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def by_language(request: HttpRequest, token: str) -> HttpResponse:
    """Lead from an invitation to its survey, in the reader's language. The link is the same for all who got it."""
    language = reader_language()
    with translation.override(language):
        return HttpResponseRedirect(invited.path(invited.read(token)))
