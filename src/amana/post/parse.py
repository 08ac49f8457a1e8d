"""Read mail as it comes: broken charsets, HTML alone, quoted threads, doubtful senders."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message as Mail
from email.utils import getaddresses
from html.parser import HTMLParser

import dkim
from dns.exception import DNSException

from amana.kernel.text import Language
from amana.post.mime import tidy

DnsLookup = Callable[[bytes], bytes | None]

# The Windows pages before the rest: what says ISO 8859-6 or nothing at all was mostly written on Windows.
FALLBACKS = ("utf-8", "windows-1256", "windows-1252", "latin-1")
SKIPPED = frozenset({"script", "style", "head", "title", "template", "noscript"})
BLOCKS = frozenset(
    {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol", "hr"}
)
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefe]")
_LATIN = re.compile(r"[A-Za-z]")
# The line under which mail readers quote what they answer, in both languages.
_QUOTED_BELOW = re.compile(
    r"^\W*(?:On .{4,200} wrote:|.{0,200}(?:كتب|كتبت|كتبَ)\s*.{0,200}:|في .{4,200} كتب.{0,200}:?"
    r"|-{2,}\s*(?:Original Message|Forwarded message|الرسالة الأصلية|رسالة معاد توجيهها)\s*-{2,}|_{10,})\W*$",
    re.IGNORECASE,
)
_HEADER_BELOW = re.compile(r"^\W*\*?(?:From|من)\s*:\*?\s.+", re.IGNORECASE)
_HEADER_NEXT = re.compile(r"^\W*\*?(?:Sent|Date|To|تم الإرسال|التاريخ|إلى)\s*:\*?\s.+", re.IGNORECASE)
_ATTRIBUTION = re.compile(r"@|\d{4}|[٠-٩]{4}")


class UnreadableError(Exception):
    """A mail that nobody can be shown as written by somebody: it is kept raw."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a mail says. `text` is what its writer wrote; `quoted` what the mail reader added below."""

    sender: str = field(repr=False)
    sender_name: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    quoted: str = field(repr=False)
    language: Language
    message_id: str
    in_reply_to: str
    automatic: bool


def parse(raw: bytes) -> Parsed:
    """Read a mail. Raises UnreadableError when it has no one sender or no text that can be read."""
    mail = read(raw)
    name, sender = _sender(mail)
    body = _body(mail)
    if not sender or "\x00" in body or (not body.strip() and not _header(mail, "Subject")):
        raise UnreadableError
    text, quoted = trimmed(body)
    subject = _header(mail, "Subject")
    return Parsed(
        sender=sender,
        sender_name=name,
        subject=subject,
        text=text,
        quoted=quoted,
        language=language_of(f"{subject} {text}"),
        message_id=_header(mail, "Message-ID"),
        in_reply_to=_header(mail, "In-Reply-To"),
        automatic=is_automatic(mail),
    )


def read(raw: bytes) -> Mail:
    """Parse the bytes without ever failing; what is malformed shows in what is absent."""
    # compat32: the newer header parser raises on some malformed addresses and spaces out encoded names.
    return message_from_bytes(raw, policy=policy.compat32)


def is_automatic(mail: Mail) -> bool:
    """Tell whether a machine wrote it: nothing may be answered automatically to it (RFC 3834, section 2)."""
    submitted = _header(mail, "Auto-Submitted").lower() or "no"
    bulk = _header(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
    empty_path = (mail.get("Return-Path") or "").strip() == "<>"
    return not submitted.startswith("no") or bulk or empty_path or bool(mail.get("List-Id"))


def language_of(text: str) -> Language:
    """Return the language most of the letters are in; Arabic when there are none."""
    return "en" if len(_LATIN.findall(text)) > len(_ARABIC.findall(text)) else "ar"


def dns_text(name: bytes) -> bytes | None:
    """Look a TXT record up in the DNS. Raises DNSException when no server answers."""
    found: bytes | None = dkim.get_txt(name)
    return found


def is_authenticated(raw: bytes, *, lookup: DnsLookup) -> bool:
    """Tell whether the domain in `From` signed this mail (DKIM, RFC 6376; aligned as in RFC 7489).

    A signature over a part of the body only (`l=`) vouches for nothing.
    """
    mail = read(raw)
    _, sender = _sender(mail)
    domain = sender.rpartition("@")[2].lower()
    if not domain or len(mail.get_all("From", [])) != 1:
        return False
    return any(
        _aligned(domain, tags) and _verified(raw, number, lookup) for number, tags in _signatures(mail)
    )


def _signatures(mail: Mail) -> Iterator[tuple[int, dict[str, str]]]:
    for number, value in enumerate(mail.get_all("DKIM-Signature", [])[:5]):
        pairs = (part.partition("=") for part in str(value).split(";"))
        yield number, {name.strip(): "".join(content.split()) for name, _, content in pairs}


def _aligned(domain: str, tags: dict[str, str]) -> bool:
    signing = tags.get("d", "").lower()
    return bool(signing) and "l" not in tags and (domain == signing or domain.endswith(f".{signing}"))


def _verified(raw: bytes, number: int, lookup: DnsLookup) -> bool:
    try:
        return bool(dkim.DKIM(raw).verify(idx=number, dnsfunc=lambda name, timeout=5: lookup(name)))
    except (dkim.DKIMException, DNSException, ValueError, KeyError, IndexError, UnicodeError):
        return False


def _sender(mail: Mail) -> tuple[str, str]:
    written = [str(value) for value in mail.get_all("From", [])]
    found = [pair for pair in getaddresses(written) if pair[1].count("@") == 1]
    if len(found) != 1 or len(written) != 1:
        return "", ""
    return tidy(_decoded(found[0][0])), tidy(found[0][1])


def _header(mail: Mail, name: str) -> str:
    return tidy(_decoded(mail.get(name, "")))


def _decoded(value: object) -> str:
    try:
        return str(make_header(decode_header(value)))  # type: ignore[arg-type]
    except (UnicodeError, LookupError, ValueError):
        return str(value).encode("utf-8", "replace").decode("utf-8", "replace")


def _body(mail: Mail) -> str:
    texts = [part for part in _leaves(mail) if part.get_content_type() == "text/plain"]
    plain = "\n\n".join(_text(part) for part in texts).strip()
    if plain:
        return plain
    pages = [part for part in _leaves(mail) if part.get_content_type() == "text/html"]
    return "\n\n".join(text_of_html(_text(part)) for part in pages).strip()


def _leaves(mail: Mail) -> Iterator[Mail]:
    for part in mail.walk():
        attached = (part.get("Content-Disposition") or "").strip().lower().startswith("attachment")
        if not part.is_multipart() and not attached:
            yield part


def _text(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for charset in (part.get_content_charset() or "", *FALLBACKS):
        try:
            return payload.decode(charset)
        except (UnicodeError, LookupError):
            continue
    return payload.decode("utf-8", "replace")


class _PageText(HTMLParser):
    """Collect the words of a page, one line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self._skipping += 1
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self._skipping = max(0, self._skipping - 1)
        elif tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    """Return the words of an HTML page without its scripts, styles and head."""
    reader = _PageText()
    reader.feed(page)
    reader.close()
    lines = [line.strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def trimmed(body: str) -> tuple[str, str]:
    """Part what the writer wrote from the thread quoted below it; an answer between quotes stays."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = next((n for n in range(len(lines)) if _starts_quote(lines, n)), len(lines))
    written = "\n".join(lines[:cut]).strip()
    if not written:
        return body.strip(), ""
    return written, "\n".join(lines[cut:]).strip()


def _starts_quote(lines: list[str], number: int) -> bool:
    line = lines[number].strip()
    below = next((following.strip() for following in lines[number + 1 :] if following.strip()), "")
    if line.startswith(">"):
        return all(rest.strip().startswith(">") or not rest.strip() for rest in lines[number:])
    if _HEADER_BELOW.match(line) and _HEADER_NEXT.match(below):
        return True
    # Gmail breaks a long attribution into two lines.
    return _is_attribution(line) or (_is_attribution(f"{line} {below}") and not _is_attribution(below))


def _is_attribution(line: str) -> bool:
    if not _QUOTED_BELOW.match(line):
        return False
    return line.startswith(("-", "_")) or bool(_ATTRIBUTION.search(line))


def parts(raw: bytes) -> tuple[str, str]:
    """Return the plain text and the HTML of a mail, each empty where it has none."""
    mail = read(raw)
    found = dict.fromkeys(("text/plain", "text/html"), "")
    for part in _leaves(mail):
        kind = part.get_content_type()
        if not found.get(kind, "x"):
            found[kind] = _text(part)
    return found["text/plain"], found["text/html"]


def headers(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Return the headers as they stand, decoded, in their order."""
    return tuple((name, " ".join(_decoded(value).split())) for name, value in read(raw).items())
