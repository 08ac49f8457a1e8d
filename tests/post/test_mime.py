"""Mail as it is built: readable by others, signed, and with its ways out."""

import email.header
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel.text import Bilingual
from amana.post import letters, mime
from amana.post.dkimkeys import Signer, make_dkim_key
from amana.post.letters import NoWayOutError, Words
from amana.post.mime import Draft
from tests.post.conftest import SENDER

NUMBER = UUID("7d6f5a38-6b0e-4f57-9d57-0c6a0a9a2a11")
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = Words(
    subject="عروض نهاية الأسبوع في جميع متاجرنا وعلى الموقع: خصم يصل إلى 50% حتى مساء السبت",
    paragraphs=("مرحبًا ⁨نور⁩،", "خصم <50%> على التشكيلة & غيرها."),
    reason="تصلك هذه الرسالة لأنك وافقت.",
)
LINKS = {"opt_out": "t" * 66, "preferences": "p" * 66}


def made(**changes: object) -> Draft:
    """Return a promotional draft."""
    given_parts = {
        "message": NUMBER, "kind": "campaign", "words": WORDS, "language": "ar", "to": "noor@mail.example",
        "name": "نور العتيبي", "links": LINKS, "sender": SENDER, "at": AT, **changes,
    }  # fmt: skip
    return letters.draft(**given_parts)  # type: ignore[arg-type]


def read(raw: bytes) -> EmailMessage:
    """Read a mail as the standard library does."""
    found = message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def decoded(raw: bytes, name: str) -> str:
    """Decode a header by the older, independent decoder."""
    return str(email.header.make_header(email.header.decode_header(message_from_bytes(raw)[name])))


def dns(signer: Signer) -> Callable[..., bytes]:
    """Answer with the signer's record."""
    return lambda name, timeout=5: signer.record().encode()


def test_r1_both_unsubscribe_headers_are_there() -> None:
    mail = read(mime.build(made(), signer=None))
    token = "t" * 66
    assert mail["List-Unsubscribe"].replace("\r\n", "") == (
        f"<https://amana.redtag.example/ar/u/{token}>, <mailto:unsubscribe@redtag.example?subject={token}>"
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_r1_the_link_is_visible_in_both_parts() -> None:
    mail = read(mime.build(made(), signer=None))
    link = f"https://amana.redtag.example/ar/u/{'t' * 66}"
    for part in mail.iter_parts():
        assert part.get_content().count(link) == 1


def test_r1_a_promotion_without_its_way_out_is_not_built() -> None:
    with pytest.raises(NoWayOutError):
        made(links={})


def test_arabic_runs_from_right_to_left() -> None:
    _, html = read(mime.build(made(), signer=None)).iter_parts()
    assert html.get_content().count('<html lang="ar" dir="rtl"') == 1
    assert html.get_content_type() == "text/html"


def test_english_runs_from_left_to_right() -> None:
    _, html = read(mime.build(made(language="en"), signer=None)).iter_parts()
    assert html.get_content().count('<html lang="en" dir="ltr"') == 1
    assert html.get_content().count(">Unsubscribe</a>") == 1


def test_words_are_escaped_in_html_and_plain_in_text() -> None:
    text, html = read(mime.build(made(), signer=None)).iter_parts()
    assert html.get_content().count("خصم &lt;50%&gt; على التشكيلة &amp; غيرها.") == 1
    assert text.get_content().count("خصم <50%> على التشكيلة & غيرها.") == 1


def test_the_headers_name_the_message_and_its_kind() -> None:
    mail = read(mime.build(made(), signer=None))
    assert {name: mail[name] for name in ("Message-ID", "Feedback-ID", "Auto-Submitted", "Date")} == {
        "Message-ID": f"<{NUMBER}@redtag.example>",
        "Feedback-ID": "campaign:amana:redtag.example",
        "Auto-Submitted": "auto-generated",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
    }


def test_an_answer_is_not_called_automatic() -> None:
    assert read(mime.build(made(kind="reply", links={}), signer=None))["Auto-Submitted"] is None


@given(st.text(st.sampled_from('ابتثجحخدذرزسشصضطظعغ 50%RedTag،؟:"\\<>,@\u200f🙂'), min_size=1, max_size=120))
def test_every_subject_and_name_comes_back_as_it_was(text: str) -> None:
    draft = replace(made(), subject=text, to=mime.mailbox(text, "noor@mail.example"), html=None, text="x")
    raw = mime.build(draft, signer=None)
    expected = mime.tidy(text)
    assert decoded(raw, "Subject") == expected
    assert str(read(raw)["Subject"] or "") == expected
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@given(st.text(max_size=60))
def test_no_name_breaks_out_of_its_header(name: str) -> None:
    raw = mime.build(replace(made(), to=mime.mailbox(name, "noor@mail.example")), signer=None)
    mail = message_from_bytes(raw)
    assert len(mail.get_all("To", [])) == 1
    assert mail["Bcc"] is None
    assert parseaddr(mail["To"].replace("\r\n", ""))[1] == "noor@mail.example"


def test_a_name_is_tidied_of_line_breaks() -> None:
    assert mime.tidy("نور\r\nBcc: all@mail.example\u202e") == "نور Bcc: all@mail.example"


def test_a_malformed_address_is_refused() -> None:
    for address in ("noor", "a@b@c", "", "a b@mail.example", "a@mail.example\r\nBcc: b@mail.example"):
        with pytest.raises(ValueError):
            mime.mailbox("Noor", address)


def test_the_signature_holds(signer: Signer) -> None:
    raw = mime.build(made(), signer=signer)
    assert dkim.verify(raw, dnsfunc=dns(signer))


def test_the_signature_covers_what_unsubscribes(signer: Signer) -> None:
    raw = mime.build(made(), signer=signer)
    signed = read(raw)["DKIM-Signature"].partition("h=")[2].partition(";")[0].replace("\r\n", "").split(":")
    names = [name.strip() for name in signed]
    assert names.count("from") == 2
    needed = {"from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"}
    assert needed <= set(names)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <http"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Subject: ", b"Subject: x"),
        (b"\r\nFrom: ", b"\r\nFrom: evil@mail.example\r\nFrom: "),
        (b"\r\nTo: ", b"\r\nTo: x"),
    ],
)
def test_an_altered_mail_fails_its_signature(signer: Signer, before: bytes, after: bytes) -> None:
    raw = mime.build(made(), signer=signer)
    head, _, body = raw.partition(b"\r\nFrom: ")
    altered = head + (b"\r\nFrom: " + body).replace(before, after, 1)
    assert altered != raw
    assert not dkim.verify(altered, dnsfunc=dns(signer))


def test_a_mail_without_unsubscribe_headers_cannot_be_given_some(signer: Signer) -> None:
    raw = mime.build(made(kind="confirmation", links={}), signer=signer)
    added = raw.replace(b"\r\nFrom: ", b"\r\nList-Unsubscribe: <https://evil.example/>\r\nFrom: ", 1)
    assert [dkim.verify(mail, dnsfunc=dns(signer)) for mail in (raw, added)] == [True, False]


def test_the_key_is_private_and_made_once(tmp_path: Path, signer: Signer) -> None:
    make_dkim_key(tmp_path / "secrets" / "dkim")
    first = (tmp_path / "secrets" / "dkim").read_bytes()
    make_dkim_key(tmp_path / "secrets" / "dkim")
    assert (tmp_path / "secrets" / "dkim").read_bytes() == first
    assert (tmp_path / "secrets" / "dkim").stat().st_mode & 0o777 == 0o600
    assert repr(signer) == "Signer(domain='redtag.example', selector='amana')"


def test_the_name_closes_up_where_there_is_none() -> None:
    assert [letters.named("مرحبًا {name}، أهلًا", "", "ar"), letters.named("Hello {name}, hi", "", "en")] == [
        "مرحبًا، أهلًا",
        "Hello, hi",
    ]
    assert letters.named("Hello {name},", "نور", "en") == "Hello ⁨نور⁩,"


def test_a_name_cannot_bring_its_own_placeholder() -> None:
    assert letters.named("{name} {name}", "{name}", "en") == "⁨{name}⁩ ⁨{name}⁩"


def test_the_postal_address_is_shown_where_there_is_one() -> None:
    sender = replace(SENDER, postal_address=Bilingual(ar="دبي", en="Dubai"))
    text, _ = read(mime.build(made(sender=sender), signer=None)).iter_parts()
    assert text.get_content().count("ردتاغ · دبي") == 1
