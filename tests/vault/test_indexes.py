"""Look-ups without plaintext."""

import hashlib
import hmac

from amana.vault import indexes
from amana.vault.keys import KeyRing
from tests.vault.test_keys import Memory, two_epochs

KEY, OTHER = b"i" * 32, b"j" * 32


def test_the_index_is_hmac_sha256_of_the_text_under_the_fields_own_key_cut_to_16_bytes() -> None:
    derived = hmac.new(KEY, b"\x00\x14amana/blind-index/v1\x00\x05email", hashlib.sha256).digest()
    expected = hmac.new(derived, b"fatima@example.com", hashlib.sha256).digest()[:16]
    assert indexes.blind_index(KEY, "email", "fatima@example.com") == expected


def test_another_key_field_text_or_use_gives_another_index() -> None:
    made = {
        indexes.blind_index(KEY, "email", "sara"),
        indexes.blind_index(OTHER, "email", "sara"),
        indexes.blind_index(KEY, "mobile", "sara"),
        indexes.blind_index(KEY, "email", "saraa"),
        indexes.blind_index(KEY, "emails", "ara"),
        *indexes.token_index(KEY, "email", "sara"),
    }
    assert len(made) == 6


def test_a_name_is_found_by_any_of_its_words_however_it_is_spelt() -> None:
    stored = indexes.token_index(KEY, "name", "محمد بن عبد الله الشامسي")
    asked = indexes.token_index(KEY, "name", "مُحمَّد عبدالله شامسي")
    assert stored == asked
    assert len(stored) == 3
    assert stored == sorted(stored)
    assert [len(token) for token in stored] == [16, 16, 16]
    assert indexes.token_index(KEY, "name", "شامسي")[0] in stored
    assert indexes.token_index(KEY, "name", " ") == []
    assert indexes.token_index(KEY, "address", "شامسي")[0] not in stored


def test_storing_uses_the_newest_key_and_looking_up_asks_under_all() -> None:
    ring = two_epochs()
    stored = indexes.blind(ring=ring, field="email", normalised="a@example.com")
    assert stored == (2, indexes.blind_index(ring.get(2), "email", "a@example.com"))
    candidates = indexes.blind_candidates(ring=ring, field="email", normalised="a@example.com")
    assert candidates == [stored, (1, indexes.blind_index(ring.get(1), "email", "a@example.com"))]


def test_words_carry_the_number_of_their_key() -> None:
    ring = two_epochs()
    assert indexes.tokens(ring=ring, field="name", text="Sara Ali") == [
        (2, digest) for digest in indexes.token_index(ring.get(2), "name", "Sara Ali")
    ]
    assert indexes.token_candidates(ring=ring, field="name", text="Sara Ali") == [
        [(number, digest) for digest in indexes.token_index(ring.get(number), "name", "Sara Ali")]
        for number in (2, 1)
    ]


def test_without_any_key_there_is_nothing_to_look_up() -> None:
    assert indexes.blind_candidates(ring=KeyRing(Memory()), field="email", normalised="x") == []


def test_half_a_character_pair_is_indexed_without_an_error_that_carries_it() -> None:
    assert len(indexes.blind_index(KEY, "email", "x\ud800")) == 16
