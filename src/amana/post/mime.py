"""Build e-mail as it should be: both alternatives, the reader's direction, and headers that let her leave."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address, BaseHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from amana.kernel.text import Language
from amana.post.dkimkeys import Signer

_ADDRESSES = frozenset({"from", "to", "reply-to", "sender"})
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})
_LINE = 76


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """The two ways out that a mail reader may offer on its own button."""

    https: str
    mailto: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail before it is bytes. `automatic` marks what no person wrote (RFC 3834)."""

    message_id: str
    sender: Address
    to: Address
    subject: str
    text: str
    html: str | None
    language: Language
    at: datetime
    reply_to: Address | None = None
    unsubscribe: Unsubscribe | None = None
    feedback_id: str = ""
    automatic: bool = False
    in_reply_to: str = ""


class MailPolicy(EmailPolicy):
    """SMTP's line ends, and headers folded by ourselves.

    The standard library's folding loses or doubles spaces between encoded words of Arabic and Latin text, and
    encodes the addresses of long `List-Unsubscribe` links (CPython 3.11).
    """

    def fold(self, name: str, value: Any) -> str:
        """Return a header as it travels (RFC 5322, section 2.2.3; RFC 2047 for letters beyond ASCII)."""
        if name.lower().startswith("content-"):
            return str(super().fold(name, value))
        if name.lower() in _ADDRESSES and isinstance(value, BaseHeader):
            return _folded(name, ", ".join(map(_mailbox, getattr(value, "addresses", ()))))
        if name.lower() == "subject":
            return _folded(name, _words(str(value), first=len(name) + 2))
        return _folded(name, str(value).replace(">, <", ">,\r\n <"))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as ASCII. Raises UnicodeEncodeError for letters in a header that has none."""
        return self.fold(name, value).encode("ascii")


POLICY = MailPolicy(linesep="\r\n", max_line_length=_LINE)


def build(draft: Draft, *, signer: Signer | None) -> bytes:
    """Return the mail as the bytes to hand over, signed where there is a signer.

    Raises ValueError for a line break in a header.
    """
    mail = EmailMessage(policy=POLICY)
    for name, value in _headers(draft):
        mail[name] = value
    mail.set_content(draft.text, cte=_encoding(draft.text))
    if draft.html is not None:
        mail.add_alternative(draft.html, subtype="html", cte=_encoding(draft.html))
        mail.set_boundary(f"=_{draft.message_id.strip('<>').partition('@')[0]}")
    content = mail.as_bytes()
    return signer.sign(content) if signer is not None else content


def tidy(text: str) -> str:
    """Return one line without control characters or direction overrides, as a header or a name wants it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def mailbox(name: str, address: str) -> Address:
    """Return a mailbox with its name. Raises ValueError for a malformed address."""
    if any(c.isspace() for c in address):
        raise ValueError("malformed address")
    try:
        return Address(tidy(name), addr_spec=address)
    except (MessageError, IndexError, UnicodeError) as error:
        raise ValueError("malformed address") from error


def _headers(draft: Draft) -> list[tuple[str, Any]]:
    headers: list[tuple[str, Any]] = [
        ("From", draft.sender),
        ("To", draft.to),
        ("Subject", tidy(draft.subject)),
        ("Date", format_datetime(draft.at)),
        ("Message-ID", draft.message_id),
        ("Content-Language", draft.language),
    ]
    if draft.reply_to is not None:
        headers.append(("Reply-To", draft.reply_to))
    if draft.in_reply_to:
        headers += [("In-Reply-To", draft.in_reply_to), ("References", draft.in_reply_to)]
    if draft.unsubscribe is not None:
        # RFC 2369, section 3.2; RFC 8058, section 3.1: an https address that takes a POST.
        headers.append(("List-Unsubscribe", f"<{draft.unsubscribe.https}>, <{draft.unsubscribe.mailto}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    if draft.feedback_id:
        headers.append(("Feedback-ID", draft.feedback_id))
    if draft.automatic:
        headers.append(("Auto-Submitted", "auto-generated"))
    return headers


def _encoding(text: str) -> str:
    """Return the shorter of the two seven-bit encodings (RFC 2045, section 6)."""
    beyond = sum(len(c.encode("utf-8")) for c in text if ord(c) > 126)
    return "base64" if beyond * 5 > len(text) else "quoted-printable"


def _mailbox(address: Address) -> str:
    name = address.display_name
    if not name:
        return address.addr_spec
    phrase = f'"{name.translate(_QUOTED)}"' if name.isascii() else _words(name, first=0)
    return f"{phrase} <{address.addr_spec}>"


def _words(text: str, *, first: int) -> str:
    if text.isascii():
        return text
    # 75 octets at most in an encoded word (RFC 2047, section 2), cut between characters.
    return Header(text, "utf-8", maxlinelen=_LINE - 1, header_name="x" * max(first - 2, 1)).encode(
        linesep="\r\n"
    )


def _folded(name: str, value: str) -> str:
    return f"{name}: {value}\r\n"
