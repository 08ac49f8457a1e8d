"""The notice as anybody may read it, in the reader's language, and the two files that machines look for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import override
from django.views.decorators.http import require_safe

from amana.kernel.text import LANGUAGES, Language, reader_language
from amana.policy import queries
from amana.policy.notice import Notice, Proof, Proofs, notice, since
from amana.policy.queries import Version

SECURITY_PATH = "/.well-known/security.txt"


@dataclass(frozen=True, slots=True)
class Listed:
    """A version in the list of all."""

    number: int
    since: str
    hash: str
    running: bool


def no_proofs(language: Language) -> Sequence[Proof]:
    """Bring no figures: what is not real is not shown."""
    return ()


@require_safe
def running_notice(request: HttpRequest, proofs: Proofs = no_proofs) -> HttpResponse:
    """Show what is promised now, with the figures the site brings."""
    language = reader_language()
    version = queries.current().version
    return _page(request, version, language, tuple(proofs(language)), running=True)


@require_safe
def earlier_notice(request: HttpRequest, number: int) -> HttpResponse:
    """Show what was promised in one published version."""
    version = queries.get_published(number).version
    running = version == queries.find_version()
    return _page(request, version, reader_language(), (), running=running)


@require_safe
def all_versions(request: HttpRequest) -> HttpResponse:
    """List every published version, newest first."""
    published, language = queries.current(), reader_language()
    country = published.policy.controller.country
    listed = [
        Listed(
            version.number,
            since(version, country=country, language=language),
            version.hash.hex(),
            version == published.version,
        )
        for version in reversed(queries.versions())
    ]
    return render(request, "policy/versions.html", {"versions": listed})


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """Say whether Global Privacy Control is honoured (W3C GPC, the `.well-known` resource)."""
    published = queries.current()
    updated = published.version.published_at.astimezone(UTC).date().isoformat()
    return JsonResponse({"gpc": published.policy.automatic.honours_gpc, "lastUpdate": updated})


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell about a weakness (RFC 9116), until the policy's contacts are due for review."""
    published = queries.current()
    contacts = published.policy.contacts
    expires = contacts.review_every.after(published.version.published_at.astimezone(UTC))
    lines = [f"Contact: mailto:{contacts.service}", f"Expires: {_moment(expires)}"]
    lines.append(f"Preferred-Languages: {', '.join(LANGUAGES)}")
    if settings.AMANA_PUBLIC_URL.startswith("https://"):  # the only scheme section 2.5.2 allows
        lines.append(f"Canonical: {settings.AMANA_PUBLIC_URL}{SECURITY_PATH}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _page(
    request: HttpRequest, version: Version, language: Language, proofs: tuple[Proof, ...], *, running: bool
) -> HttpResponse:
    shown, body = _shown(version, language, proofs)
    return render(request, "policy/notice.html", {"notice": shown, "body": body, "running": running})


# A published version never changes: its pages are made once for each language and set of figures.
@lru_cache(maxsize=64)
def _shown(version: Version, language: Language, proofs: tuple[Proof, ...]) -> tuple[Notice, SafeString]:
    made = notice(queries.read(version), language, proofs)
    with override(language):
        return made, render_to_string("policy/parts.html", {"notice": made})


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
