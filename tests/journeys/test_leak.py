"""The search for leaks finds what is there, however it is written: or its silence would say nothing."""

import base64
import quopri

import pytest

from tests.journeys import leak

TEXT = "مزنة الخويطري"
SPELLINGS = {
    "plain": TEXT.encode(),
    "hex": f"\\x{('xx' + TEXT).encode().hex()}".encode(),
    "base64": base64.b64encode(b"Subject: " + TEXT.encode() + b" and more"),
    "base64, shifted": base64.b64encode(b"Subject:" + TEXT.encode() + b" and more"),
    "base64, in lines": base64.encodebytes(b"s" * 40 + TEXT.encode() + b" and more"),
    "quoted-printable": quopri.encodestring(b"s" * 50 + TEXT.encode()),
    "json": repr(TEXT.encode("ascii", "backslashreplace").decode()).encode().replace(b"\\\\", b"\\"),
    "latin-1 in a text column": TEXT.encode().decode("latin-1").encode(),
}


@pytest.mark.parametrize("how", SPELLINGS)
def test_it_is_found(how: str) -> None:
    assert leak.find({"name": TEXT}, [("a file", b"before " + SPELLINGS[how] + b" after")]) != []


def test_nothing_is_found_where_nothing_is() -> None:
    assert leak.find({"name": TEXT}, [("a file", "مزنة".encode() * 100)]) == []
