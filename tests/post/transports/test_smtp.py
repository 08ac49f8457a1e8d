"""SMTP on a real server: one connection, a verdict for each, and honesty about what nobody can know."""

import socket
from uuid import UUID

import pytest

from amana.post.transports import Envelope, Outcome, Verdict
from amana.post.transports.smtp import Smtp
from tests.post.mailhost import DIE, Mailhost


def envelope(number: int = 1, to: str = "", content: bytes = b"Subject: x\r\n\r\nhello\r\n") -> Envelope:
    """Return a small message."""
    address = to or f"shopper{number}@mail.example"
    return Envelope(UUID(int=number), f"bounce+{UUID(int=number)}@redtag.example", address, content)


def hand(host: Mailhost, *envelopes: Envelope) -> list[Verdict]:
    """Hand these over on one connection."""
    with Smtp.from_url(host.url, timeout=5).open() as connection:
        return [connection.hand(one) for one in envelopes]


def test_many_messages_go_over_one_connection(mailhost: Mailhost) -> None:
    verdicts = hand(mailhost, *(envelope(n) for n in range(20)))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.HANDED_OVER] * 20
    assert mailhost.recipients == [f"shopper{n}@mail.example" for n in range(20)]
    assert mailhost.connections == 1


def test_the_return_path_names_the_message(mailhost: Mailhost) -> None:
    hand(mailhost, envelope(7))
    assert mailhost.taken[0][1] == "bounce+00000000-0000-0000-0000-000000000007@redtag.example"


def test_lines_that_begin_with_a_dot_arrive_whole(mailhost: Mailhost) -> None:
    content = b"Subject: x\r\n\r\n.\r\n..\r\n.hidden\r\nend\r\n"
    hand(mailhost, envelope(content=content))
    assert mailhost.taken[0][2] == content


def test_one_refused_recipient_does_not_disturb_the_next(mailhost: Mailhost) -> None:
    mailhost.at_recipient["shopper2@mail.example"] = "550 5.1.1 No such user"
    verdicts = hand(mailhost, envelope(1), envelope(2), envelope(3))
    assert verdicts == [
        Verdict(Outcome.HANDED_OVER, "250"),
        Verdict(Outcome.ADDRESS_FAULT, "550 5.1.1"),
        Verdict(Outcome.HANDED_OVER, "250"),
    ]
    assert mailhost.connections == 1


def test_a_loss_after_the_content_is_unconfirmed_and_the_next_goes_on(mailhost: Mailhost) -> None:
    mailhost.at_content["shopper1@mail.example"] = DIE
    verdicts = hand(mailhost, envelope(1), envelope(2))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.UNCONFIRMED, Outcome.HANDED_OVER]
    assert mailhost.recipients == ["shopper1@mail.example", "shopper2@mail.example"]


def test_a_loss_before_the_content_may_be_tried_again(mailhost: Mailhost) -> None:
    mailhost.at_recipient["shopper1@mail.example"] = DIE
    verdicts = hand(mailhost, envelope(1), envelope(2))
    assert [verdict.outcome for verdict in verdicts] == [Outcome.RETRY, Outcome.HANDED_OVER]


def test_a_server_that_is_not_there_took_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        with Smtp.from_url(url, timeout=1).open() as connection:
            assert connection.hand(envelope()) == Verdict(Outcome.NO_CARRIER, "no connection")


def test_a_password_never_travels_in_the_clear() -> None:
    assert Smtp.from_url("smtp://user:secret@mail.example:587").tls_required
    assert not Smtp.from_url("smtp://127.0.0.1:2525").tls_required


def test_demanded_tls_that_is_not_offered_sends_nothing(mailhost: Mailhost) -> None:
    with Smtp.from_url(f"{mailhost.url}?tls=required", timeout=5).open() as connection:
        assert connection.hand(envelope()).outcome == Outcome.NO_CARRIER
    assert mailhost.taken == []


def test_letters_beyond_ascii_need_a_server_that_takes_them(mailhost: Mailhost) -> None:
    assert hand(mailhost, envelope(to="نور@mail.example")) == [Verdict(Outcome.SENDER_FAULT, "no smtputf8")]


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example:25", ""])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        Smtp.from_url(url)


def test_a_url_is_read_whole_and_never_shown() -> None:
    server = Smtp.from_url("smtps://us%40er:p%2Fw@mail.example")
    assert (server.host, server.port, server.user, server.password) == ("mail.example", 465, "us@er", "p/w")
    assert server.implicit_tls
    assert "p/w" not in repr(server)
    assert repr(envelope()) == "Envelope(message=UUID('00000000-0000-0000-0000-000000000001'))"
