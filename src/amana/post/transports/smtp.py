"""Hand messages over by SMTP (RFC 5321): one connection for many, a verdict for each."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from amana.post.transports import Envelope, Outcome, Verdict
from amana.post.transports.replies import Reply, Stage, judge

PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOST = Verdict(Outcome.RETRY, "lost")
UNKNOWN = Verdict(Outcome.UNCONFIRMED, "lost after data")


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server that carries our mail, as its URL names it.

    `smtp://user:password@host:587` asks for STARTTLS wherever the server offers it, and demands it before a
    password is sent or with `?tls=required`; `smtps://` speaks TLS from the start. Without a port: 25 and
    465.
    """

    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    tls_required: bool = False
    hello: str = "localhost"
    timeout: float = 20.0
    recipient: str = "controller"
    channel: str = "email"

    @classmethod
    def from_url(
        cls, url: str, *, hello: str = "localhost", recipient: str = "controller", timeout: float = 20.0
    ) -> Self:
        """Read an SMTP URL; `timeout` is in seconds for each step. Raises ValueError for any other URL."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("an SMTP URL reads smtp://user:password@host:port or smtps://…")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            implicit_tls=parts.scheme == "smtps",
            tls_required=_tls_required(parts),
            hello=hello,
            timeout=timeout,
            recipient=recipient,
        )

    @contextmanager
    def open(self) -> Iterator["Connection"]:
        """Keep one connection for many messages; it is made at the first and made anew when it is lost."""
        connection = Connection(self)
        try:
            yield connection
        finally:
            connection.close()


def _tls_required(parts: SplitResult) -> bool:
    asked = parse_qs(parts.query).get("tls") == ["required"]
    return asked or (bool(parts.username) and parts.hostname not in LOOPBACK)


class Connection:
    """The open way to one mail server."""

    def __init__(self, server: Smtp) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None

    def hand(self, envelope: Envelope) -> Verdict:
        """Hand one message over. A loss before its content is a reason to retry; after it nobody knows."""
        try:
            smtp = self._smtp = self._smtp or _connect(self._server)
        except (smtplib.SMTPException, OSError) as error:
            return Verdict(Outcome.NO_CARRIER, _status(error))
        try:
            refused = _introduce(smtp, envelope)
        except (smtplib.SMTPException, OSError):
            self._abandon()
            return LOST
        if refused is None:
            return self._content(smtp, envelope.content)
        self._reset(smtp)
        return refused

    def close(self) -> None:
        """Say goodbye where somebody still listens."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._abandon()

    def _content(self, smtp: smtplib.SMTP, content: bytes) -> Verdict:
        try:
            smtp.send(_dotted(content))
            return _judged(smtp.getreply(), "content")
        except (smtplib.SMTPException, OSError):
            self._abandon()
            return UNKNOWN

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            smtp.rset()
        except (smtplib.SMTPException, OSError):
            self._abandon()

    def _abandon(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _connect(server: Smtp) -> smtplib.SMTP:
    kind = smtplib.SMTP_SSL if server.implicit_tls else smtplib.SMTP
    smtp = kind(server.host, server.port, local_hostname=server.hello, timeout=server.timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        if not server.implicit_tls and (server.tls_required or smtp.has_extn("starttls")):
            smtp.starttls(context=_tls(verified=server.tls_required))
            smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _tls(*, verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not verified:
        # Where nothing demands TLS, a certificate nobody vouches for is still better than clear text (RFC
        # 7435).
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _introduce(smtp: smtplib.SMTP, envelope: Envelope) -> Verdict | None:
    """Name sender and recipient and ask for the content's turn; return the verdict of a refusal, or None."""
    international = not (envelope.to.isascii() and envelope.return_path.isascii())
    if international and not smtp.has_extn("smtputf8"):
        return Verdict(Outcome.SENDER_FAULT, "no smtputf8")
    smtp.command_encoding = "utf-8" if international else "ascii"
    options = [f"size={len(envelope.content)}"] if smtp.has_extn("size") else []
    options += ["SMTPUTF8", "BODY=8BITMIME"] if international else []
    reply = smtp.mail(envelope.return_path, options)
    if reply[0] != 250:
        return _judged(reply, "sender")
    reply = smtp.rcpt(envelope.to)
    if reply[0] not in (250, 251):
        return _judged(reply, "recipient")
    reply = smtp.docmd("data")
    return None if reply[0] == 354 else _judged(reply, "content")


def _judged(reply: tuple[int, bytes], stage: Stage) -> Verdict:
    code, words = reply
    if code == -1:
        raise smtplib.SMTPServerDisconnected("no reply")
    return judge(Reply(code, words.decode("utf-8", "replace")), stage=stage)


def _dotted(content: bytes) -> bytes:
    """Return the content as it travels, leading dots doubled, with its end (RFC 5321, section 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n").split(b"\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines) + b".\r\n"


def _status(error: Exception) -> str:
    return str(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else "no connection"
