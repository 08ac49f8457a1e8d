"""Reading the setting that names the witnesses."""

import pytest

from amana.kernel.refusal import Refusal
from amana.ledger import witness
from amana.ledger.note import COSIGNATURE, VerifierKey
from amana.ledger.witness import Witness

KEY = VerifierKey("w.example/a", bytes(32), COSIGNATURE)


def test_witnesses_are_read_from_one_setting() -> None:
    other = VerifierKey("w.example/b", bytes(32), COSIGNATURE)
    setting = f"{KEY} https://w.example/a/ ,\n{other}  http://[::1]:8080/b,"
    assert witness.parse(setting) == (
        Witness(KEY, "https://w.example/a"),
        Witness(other, "http://[::1]:8080/b"),
    )
    assert (witness.parse(""), witness.parse(" \n")) == ((), ())


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (f"{KEY}", "it takes a key, a space, an address"),
        (f"{KEY} https://w.example x", "it takes a key, a space, an address"),
        ("w.example https://w.example", "it is no vkey for cosignatures with Ed25519"),
        (f"{VerifierKey('w', bytes(32))} https://w.example", "it is no vkey for cosignatures with Ed25519"),
        (f"{KEY} http://w.example", "it takes https, or http on this machine"),
        (f"{KEY} http://10.0.0.1", "it takes https, or http on this machine"),
        (f"{KEY} https://", "it takes https, or http on this machine"),
        (f"{KEY} https://a..b", "it takes https, or http on this machine"),
        (f"{KEY} https://w.example:x", "it takes https, or http on this machine"),
        (f"{KEY} https://me@w.example", "it takes https, or http on this machine"),
        (f"{KEY} https://w.example?x", "it takes https, or http on this machine"),
        (f"{KEY} https://w.example/ü", "it takes https, or http on this machine"),
        (f"{KEY} file:///etc/passwd", "it takes https, or http on this machine"),
        (f"{KEY} https://a,{KEY} https://b", "it is named twice"),
    ],
)
def test_a_malformed_setting_is_refused_in_both_languages(setting: str, why: str) -> None:
    with pytest.raises(Refusal, match="witnesses_malformed") as refused:
        witness.parse(setting)
    english = refused.value.message_in("en")
    assert (english.startswith("AMANA_WITNESSES: “"), english.endswith(f"”: {why}.")) == (True, True)
    assert refused.value.message_in("ar").startswith("AMANA_WITNESSES: «")
