"""Proofs of passwords."""

import hashlib

import pytest

from amana.kernel.refusal import Refusal
from amana.retailer import passwords


@pytest.fixture(autouse=True)
def cheap_scrypt() -> None:
    """Compute in earnest here."""


def test_a_verifier_is_scrypt_at_the_stated_cost() -> None:
    expected = hashlib.scrypt(b"x" * 15, salt=b"s" * 16, n=32768, r=8, p=3, maxmem=2**26, dklen=32)
    assert passwords.verifier_of("x" * 15, b"s" * 16) == expected


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    assert passwords.verifier_of("é", b"s" * 16) == passwords.verifier_of("e\u0301", b"s" * 16)


def test_each_proof_has_its_own_salt_and_shows_nothing() -> None:
    one, two = passwords.proof_of("same"), passwords.proof_of("same")
    assert len({one.salt, two.salt}) == 2
    assert repr(one) == "Proof()"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("fourteen chars", "password_too_short"),
        ("كلمة قصيرة", "password_too_short"),
        ("abababababababab", "password_too_common"),
        ("1q2w3e4r5t6y7u8i", "password_too_common"),
        ("my name is Layla1 ok", "password_too_common"),
    ],
)
def test_easy_passwords_are_refused(password: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        passwords.check(password, email="layla1@store.example")
    assert refused.value.code == code


@pytest.mark.parametrize("password", ["four unrelated quiet words", "نخلة وقارب وثلاث نجوم"])
def test_a_few_words_are_enough(password: str) -> None:
    passwords.check(password, email="layla@store.example")


def test_temporary_passwords_differ_and_pass() -> None:
    made = {passwords.temporary() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check(password, email="layla@store.example")
