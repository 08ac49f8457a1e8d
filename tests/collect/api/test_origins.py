"""Which pages are our own."""

import pytest

from amana.collect.api.standing import own_origins


@pytest.mark.parametrize(
    ("address", "origins"),
    [
        ("https://privacy.redtag.example", {"https://privacy.redtag.example"}),
        (
            "http://127.0.0.1:8000",
            {"http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"},
        ),
        ("http://localhost", {"http://127.0.0.1", "http://localhost", "http://[::1]"}),
    ],
)
def test_a_machine_has_several_names_for_itself(address: str, origins: set[str]) -> None:
    assert own_origins(address) == origins
