"""What a survey's page fetches: one sheet and one script, small, compressed once, and kept by browsers for ever."""

import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import rjsmin
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

SHEETS: Final = ("web/amana.css", "surveys/take.css")
# In the order in which they need each other; a tablet's page loads the same up to the runner.
RUNNER: Final = tuple(
    f"surveys/{name}.js" for name in ("words", "logic", "envelope", "widgets", "frames", "endings", "runner")
)
SCRIPTS: Final = (*RUNNER, "surveys/adopted.js", "surveys/take.js")
LOADER: Final = ("surveys/embed.js",)
FOR_EVER: Final = "public, max-age=31536000, immutable"
TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND: Final = re.compile(r"\s*([{};,>])\s*")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent: plain, and compressed for who takes gzip. `mark` names its content."""

    plain: bytes
    gzipped: bytes
    mark: str
    kind: str


@cache
def sheet() -> Asset:
    """Return the one style sheet."""
    return styled(SHEETS)


@cache
def script() -> Asset:
    """Return the one script of the page."""
    return joined(SCRIPTS)


@cache
def loader() -> Asset:
    """Return the script that websites embed."""
    return joined(LOADER)


def address(made: Asset) -> str:
    """Return where a browser fetches an asset; its content is in the name."""
    return reverse("survey-asset", args=[f"take-{made.mark}.{made.kind}"])


@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """Send the sheet or the script under the name that says what is in it."""
    for made in (sheet(), script()):
        if name == f"take-{made.mark}.{made.kind}":
            return sent(request, made, kept=FOR_EVER)
    raise Http404


def sent(request: HttpRequest, made: Asset, *, kept: str) -> HttpResponse:
    """Return an asset as an answer that every cache may keep."""
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(made.gzipped if zipped else made.plain, content_type=TYPES[made.kind])
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = kept
    setattr(response, "same_for_all", True)  # noqa: B010  (read by the middleware that sets headers)
    return response


def styled(names: Sequence[str]) -> Asset:
    """Return style sheets as one, without comments."""
    text = "\n".join(_read(name) for name in names).replace('url("fonts/', f'url("{static("web/fonts/")}')
    return _asset(_AROUND.sub(r"\1", _COMMENT.sub("", text)), "css")


def joined(names: Sequence[str]) -> Asset:
    """Return scripts as one, in their order, without comments."""
    text = "\n".join(_read(name) for name in names)
    return _asset(str(rjsmin.jsmin(text)), "js")


def _read(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_text("utf-8")


def _asset(text: str, kind: str) -> Asset:
    plain = text.encode()
    return Asset(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:16], kind)
