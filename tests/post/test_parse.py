"""Mail as people's readers write it, in Arabic and English, whole and broken."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.post import demo, parse
from amana.post.dkimkeys import Signer
from amana.post.mime import Draft, build, mailbox
from tests.post.test_mime import AT


def mail(body: bytes, *headers: str, sender: str = "Noor <noor@mail.example>", subject: str = "طلب") -> bytes:
    """Return a plain mail."""
    lines = [f"From: {sender}", f"Subject: {subject}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
def test_arabic_is_read_in_every_charset_it_is_written_in(charset: str) -> None:
    raw = mail("أرجو حذف حسابي".encode(charset), f"Content-Type: text/plain; charset={charset}")
    assert parse.parse(raw).text == "أرجو حذف حسابي"


@pytest.mark.parametrize("declared", ["us-ascii", "unknown-8bit", "utf-8"])
def test_arabic_under_a_false_charset_is_still_read(declared: str) -> None:
    raw = mail("أرجو حذف حسابي".encode("windows-1256"), f"Content-Type: text/plain; charset={declared}")
    assert parse.parse(raw).text == "أرجو حذف حسابي"


def test_html_alone_becomes_text() -> None:
    head = "<html><head><style>p{}</style><script>x()</script></head>"
    page = f"{head}<body><p>مرحبًا&nbsp;بكم</p><p>سطر<br>آخر</p></body>"
    raw = mail(page.encode(), "Content-Type: text/html; charset=utf-8")
    assert parse.parse(raw).text.split() == ["مرحبًا", "بكم", "سطر", "آخر"]


@pytest.mark.parametrize(
    ("written", "quoted"),
    [
        (
            "نعم، أوافق.",
            "في الأحد، ٢٢ نوفمبر ٢٠٢٦ في ٣:٠٠ م كتب RedTag <service@redtag.example>:\n> هل توافق؟",
        ),
        ("نعم.", "في 22 نوفمبر 2026 كتبت ردتاغ <service@redtag.example>:\n> هل؟"),
        ("Yes.", "On Sun, 22 Nov 2026 at 12:00, RedTag <service@redtag.example> wrote:\n> Do you agree?"),
        ("Yes.", "On Sun, 22 Nov 2026 at 12:00, RedTag\n<service@redtag.example> wrote:\n> Do you agree?"),
        ("Yes.", "-----Original Message-----\nFrom: RedTag\nSent: Sunday\n\nDo you agree?"),
        ("نعم", "________________________________\nمن: ردتاغ\nتم الإرسال: الأحد\n\nهل توافق؟"),
        ("نعم", "من: ردتاغ <service@redtag.example>\nالتاريخ: الأحد\n\nهل توافق؟"),
        ("Yes", "> Do you agree?\n> Really?"),
    ],
)
def test_the_quoted_thread_is_parted_from_what_was_written(written: str, quoted: str) -> None:
    assert parse.trimmed(f"{written}\n\n{quoted}\n") == (written, quoted)


@pytest.mark.parametrize(
    "body",
    [
        "> Do you agree?\nYes, delete it.",
        "On Sunday I wrote: please delete my account",
        "كتب لي موظفكم أن الطلب وصل: فأين هو؟",
        "From: my heart, thank you\nand so on",
        "> everything quoted",
    ],
)
def test_nothing_written_is_taken_for_a_quote(body: str) -> None:
    assert parse.trimmed(body) == (body, "")


def test_the_language_is_the_letters() -> None:
    assert [parse.language_of(text) for text in ("احذفوا حسابي RedTag", "Delete my account", "123")] == [
        "ar",
        "en",
        "ar",
    ]


@pytest.mark.parametrize(
    ("header", "automatic"),
    [
        ("Auto-Submitted: auto-replied", True),
        ("Auto-Submitted: no", False),
        ("Precedence: bulk", True),
        ("List-Id: <news.mail.example>", True),
        ("Return-Path: <>", True),
        ("X-Mailer: Phone", False),
    ],
)
def test_machines_are_told_from_people(header: str, automatic: bool) -> None:
    assert parse.parse(mail(b"hello", header)).automatic == automatic


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\x00",
        b"no headers at all",
        b"Subject: nobody wrote it\r\n\r\nhello",
        mail(b"two senders", "From: other@mail.example"),
        mail(b"", subject=""),
        mail(b"hello", sender="undisclosed"),
    ],
)
def test_what_cannot_be_read_says_so(raw: bytes) -> None:
    with pytest.raises(parse.UnreadableError):
        parse.parse(raw)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    for raw in (
        noise,
        mail(noise),
        mail(noise, "Content-Type: multipart/mixed; boundary=x"),
        b"From: " + noise,
    ):
        try:
            parse.parse(raw)
        except parse.UnreadableError:
            continue
        finally:
            parse.headers(raw)
            parse.parts(raw)


def test_an_encoded_name_and_subject_are_decoded() -> None:
    raw = mail(
        b"hello",
        sender="=?utf-8?b?2YbZiNix?= =?utf-8?b?INin2YTYudiq2YrYqNmK?= <noor@mail.example>",
        subject="=?windows-1256?B?2OHI?=",
    )
    found = parse.parse(raw)
    assert (found.sender, found.sender_name, found.subject) == ("noor@mail.example", "نور العتيبي", "طلب")


def test_nothing_a_mail_says_is_shown_by_accident() -> None:
    assert "noor" not in repr(parse.parse(mail(b"hello")))


def shopper_mail(signer: Signer | None, *, sender: str = "noor@mail.example") -> bytes:
    """Return a mail from a shopper, signed by that provider."""
    draft = Draft(
        message_id="<1@mail.example>", sender=mailbox("", sender), to=mailbox("", "service@redtag.example"),
        subject="حذف الحساب", text="أرجو حذف حسابي", html=None, language="ar", at=AT,
    )  # fmt: skip
    return build(draft, signer=signer)


def provider(signer: Signer, domain: str) -> Signer:
    """Return the key as another domain's."""
    return Signer(domain, signer.key, demo.SELECTOR)


def looked_up(signer: Signer) -> parse.DnsLookup:
    """Return a DNS in which every domain has this key."""
    return lambda name: signer.record().encode()


def test_c5_a_signed_mail_is_believed_and_an_altered_one_is_not(signer: Signer) -> None:
    raw = shopper_mail(provider(signer, "mail.example"))
    assert parse.is_authenticated(raw, lookup=looked_up(signer))
    for changed in (
        raw.replace(b"From: noor", b"From: huda"),
        raw + b"more",
        raw.replace(b"Subject: ", b"Subject: x"),
    ):
        assert not parse.is_authenticated(changed, lookup=looked_up(signer))


def test_c5_a_spoofed_mail_is_not_believed(signer: Signer) -> None:
    evil = shopper_mail(provider(signer, "evil.example"))
    unsigned = shopper_mail(None)
    lookalike = shopper_mail(provider(signer, "ail.example"))
    partly = shopper_mail(provider(signer, "mail.example")).replace(b"v=1; a=", b"v=1; l=1; a=", 1)
    assert [
        parse.is_authenticated(raw, lookup=looked_up(signer)) for raw in (evil, unsigned, lookalike, partly)
    ] == [
        False,
        False,
        False,
        False,
    ]


def test_c5_without_the_key_in_the_dns_nobody_is_believed(signer: Signer) -> None:
    raw = shopper_mail(provider(signer, "mail.example"))
    assert not parse.is_authenticated(raw, lookup=lambda name: None)


def test_a_subdomain_is_vouched_for_by_its_domain(signer: Signer) -> None:
    raw = shopper_mail(provider(signer, "mail.example"), sender="noor@home.mail.example")
    assert parse.is_authenticated(raw, lookup=looked_up(signer))


def test_the_demos_provider_signs_for_every_shopper(settings: object, tmp_path: Path) -> None:
    settings.AMANA_HOME = tmp_path  # type: ignore[attr-defined]
    demo.make_shopper_key()
    raw = demo.write(
        address="noor@mail.example",
        to="service@redtag.example",
        subject="حذف",
        text="أرجو حذف حسابي",
        language="ar",
    )
    assert parse.is_authenticated(raw, lookup=demo.lookup(demo.shopper_key()))
    assert parse.parse(raw).text == "أرجو حذف حسابي"
