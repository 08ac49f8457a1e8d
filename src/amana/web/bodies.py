"""Read what a browser sends to a page: to its end and in time, or not at all."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
# Whoever sends a form more slowly would hold one of few threads for as long as they like.
FORM_SECONDS = 30.0


def promptly(receive: Receive) -> Receive:
    """Return what reads a form to its end, within FORM_SECONDS of the first look at it, or raises ConnectionError.

    A form that breaks off is an error to Django, which would otherwise read what came as if it were all of it.
    """
    end: list[float] = []

    async def body() -> Message:
        if not end:
            end.append(asyncio.get_running_loop().time() + FORM_SECONDS)
        try:
            async with asyncio.timeout_at(end[0]):
                message = await receive()
        except TimeoutError:
            raise ConnectionAbortedError("the form did not come to its end") from None
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the form broke off")
        return message

    return body
