"""A mask shows just enough for the owner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import masking
from tests.kernel.properties import steady


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("fatima@gmail.com", "f•••@g•••.com"),
        ("a@x.com", "•••@•••.com"),
        ("ali@mail.company.ae", "a•••@m•••.ae"),
        ("ali@xn--mgbh0fb.xn--mgberp4a5d4ar", "a•••@م•••.السعودية"),
    ],
)
def test_mask_email(address: str, masked: str) -> None:
    assert masking.mask_email(address) == masked


def test_mask_phone() -> None:
    assert masking.mask_phone("+971501234567") == "+971 ••• 67"
    assert masking.mask_phone("+12025550123") == "+1 ••• 23"
    with pytest.raises(ValueError, match=r"not an E\.164"):
        masking.mask_phone("0501234567")


@steady
@given(
    st.text(alphabet="abcdefgh", min_size=2, max_size=40),
    st.text(alphabet="ijklmnop", min_size=2, max_size=40),
)
def test_a_mask_tells_neither_letters_nor_length(local: str, domain: str) -> None:
    assert masking.mask_email(f"{local}@{domain}.com") == f"{local[0]}•••@{domain[0]}•••.com"
