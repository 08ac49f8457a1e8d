"""Turn a content and a person the gate has just released into a mail; nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from urllib.parse import quote
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import translation

from amana.kernel.text import Bilingual, Direction, Language, direction, isolated
from amana.post import mime
from amana.post.mime import Draft, Unsubscribe

# One letter each, so that a reader's address bar stays short: opt_out /u/, confirm /c/, preferences /p/,
# erase /e/, receipt /r/, sign_in /s/. A granted wish (opt_in) is confirmed like an address.
PATHS = {
    "opt_out": "u", "confirm": "c", "opt_in": "c", "preferences": "p", "erase": "e", "receipt": "r", "sign_in": "s",
}  # fmt: skip
_PREHEADER = 140
PROMOTIONAL = frozenset({"campaign", "draw"})


class NoWayOutError(ValueError):
    """A promotional mail without its unsubscribe link (R1): never sent."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: the brand as customers know it, on the domain of its one service address."""

    name: Bilingual
    service_address: str
    accent: str
    base_url: str
    postal_address: Bilingual | None = None

    @property
    def domain(self) -> str:
        """Return the domain that mails come from and that their key signs for."""
        return self.service_address.rpartition("@")[2]

    def return_path(self, message: UUID) -> str:
        """Return where a bounce of this message goes; the message is named in it."""
        return f"bounce+{message}@{self.domain}"

    def link(self, kind: str, token: str, language: Language) -> str:
        """Return the address of one of the gate's links."""
        return f"{self.base_url}/{language}/{PATHS[kind]}/{token}"


@dataclass(frozen=True, slots=True)
class Words:
    """A content in one language, its name filled in."""

    subject: str
    paragraphs: tuple[str, ...]
    reason: str = ""
    label: str = ""
    link: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What the two mail templates show."""

    language: Language
    direction: Direction
    subject: str
    paragraphs: tuple[str, ...]
    reason: str
    label: str
    url: str
    unsubscribe_url: str
    preferences_url: str
    sender_name: str
    service_address: str
    postal_address: str
    accent: str
    preheader: str


def named(text: str, name: str, language: Language) -> str:
    """Put the reader's name where the text says `{name}`; without a name the greeting closes up."""
    shown = mime.tidy(name)
    if shown:
        return text.replace("{name}", isolated(shown))
    comma = "،" if language == "ar" else ","
    return text.replace(f" {{name}}{comma}", comma).replace(" {name}", "").replace("{name}", "")


def draft(
    *,
    message: UUID,
    kind: str,
    words: Words,
    language: Language,
    to: str,
    name: str,
    links: Mapping[str, str],
    sender: Sender,
    at: datetime,
    in_reply_to: str = "",
) -> Draft:
    """Return the mail for one person. Raises NoWayOutError and ValueError (malformed address)."""
    unsubscribe = _find_way_out(kind, language, links, sender)
    page = _page(words, language, links, sender)
    return Draft(
        message_id=f"<{message}@{sender.domain}>",
        sender=mime.mailbox(sender.name.in_(language), sender.service_address),
        to=mime.mailbox(name, to),
        subject=words.subject,
        text=_render("post/mail.txt", page),
        html=_render("post/mail.html", page),
        language=language,
        at=at,
        unsubscribe=unsubscribe,
        feedback_id=f"{kind}:amana:{sender.domain}",
        automatic=kind != "reply",
        in_reply_to=in_reply_to,
    )


def _find_way_out(
    kind: str, language: Language, links: Mapping[str, str], sender: Sender
) -> Unsubscribe | None:
    token = links.get("opt_out")
    if not token:
        if kind in PROMOTIONAL:
            raise NoWayOutError(kind)
        return None
    return Unsubscribe(
        https=sender.link("opt_out", token, language),
        mailto=f"mailto:unsubscribe@{sender.domain}?subject={quote(token)}",
    )


def _page(words: Words, language: Language, links: Mapping[str, str], sender: Sender) -> Page:
    urls = {kind: sender.link(kind, token, language) for kind, token in links.items() if kind in PATHS}
    return Page(
        language=language,
        direction=direction(language),
        subject=words.subject,
        paragraphs=words.paragraphs,
        reason=words.reason,
        label=words.label,
        url=words.address if words.link == "address" else urls.get(words.link, ""),
        unsubscribe_url=urls.get("opt_out", ""),
        preferences_url=urls.get("preferences", ""),
        sender_name=sender.name.in_(language),
        service_address=sender.service_address,
        postal_address=sender.postal_address.in_(language) if sender.postal_address else "",
        accent=sender.accent,
        preheader=_preheader(words.paragraphs),
    )


def _preheader(paragraphs: tuple[str, ...]) -> str:
    """Return what an inbox shows after the subject: without it, it would show the sender's name again."""
    return shorten(paragraphs[0], _PREHEADER, placeholder="…") if paragraphs else ""


def _render(template: str, page: Page) -> str:
    with translation.override(page.language):
        return render_to_string(template, {"page": page})
