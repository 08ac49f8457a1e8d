"""Customer ids are random, and read strictly."""

import random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel import ids
from tests.kernel.properties import steady


def test_a_new_id_is_a_random_uuid() -> None:
    made = ids.new()
    assert (made.version, made.variant) == (4, "specified in RFC 4122")


def test_the_source_of_randomness_decides_the_id() -> None:
    assert ids.new(randomness=random.Random(7).randbytes) == ids.new(randomness=random.Random(7).randbytes)
    assert ids.new(randomness=lambda size: b"\xff" * size) == UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")


@steady
@given(st.uuids(version=4))
def test_what_was_written_is_read_back(value: UUID) -> None:
    assert ids.parse(str(value)) == value
    assert ids.parse(f" {str(value).upper()}\n") == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "7f3a1c0e-0a4b-11ee-be56-0242ac120002",  # version 1 tells when and where it was made
        "00000000-0000-0000-0000-000000000000",
        "{2f1e9d0a-6f43-4d7e-9b1b-0a2f3c4d5e6f}",
        "urn:uuid:2f1e9d0a-6f43-4d7e-9b1b-0a2f3c4d5e6f",
        "2f1e9d0a6f434d7e9b1b0a2f3c4d5e6f",
        "2f1e9d0a-6f43-4d7e-9b1b-0a2f3c4d5e6g",
        "٢f1e9d0a-6f43-4d7e-9b1b-0a2f3c4d5e6f",
        "2f1e9d0a-6f43-4d7e-1b1b-0a2f3c4d5e6f",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ids.CustomerIdRefused) as refused:
        ids.parse(text)
    assert refused.value.code == "customer_id_invalid"
