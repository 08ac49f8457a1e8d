"""A form is read to its end and in time, or not at all."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from amana.web import bodies

BEGIN = {"type": "http.request", "body": b"a=", "more_body": True}
END = {"type": "http.request", "body": b"1", "more_body": False}


async def _read(*messages: MutableMapping[str, Any] | None) -> list[Any]:
    waiting = list(messages)

    async def receive() -> MutableMapping[str, Any]:
        message = waiting.pop(0)
        if message is None:
            await asyncio.Event().wait()
        return message or {}

    body = bodies.promptly(receive)
    return [await body() for _ in messages]


def test_a_whole_form_is_read() -> None:
    assert asyncio.run(_read(BEGIN, END)) == [BEGIN, END]


def test_a_form_that_breaks_off_is_an_error() -> None:
    with pytest.raises(ConnectionResetError):
        asyncio.run(_read(BEGIN, {"type": "http.disconnect"}))


def test_a_form_that_does_not_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FORM_SECONDS", 0.01)
    with pytest.raises(ConnectionAbortedError):
        asyncio.run(_read(BEGIN, None))
