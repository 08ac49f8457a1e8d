"""The one ASGI application: its lifespan and raw paths are ours, everything else is Django through WSGI."""

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware

from amana.collect.api.door import Door
from amana.surveys.intake import door as answers
from amana.web import lifeline, wsgi
from amana.web.bodies import promptly

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Granian's worker is a grandchild of the supervisor: without this it would outlive a killed parent.
lifeline.end_with_parent()
threads = int(os.environ.get("AMANA_WEB_THREADS", "8"))
pages = cast(Application, WSGIMiddleware(cast(Any, wsgi.application), workers=threads))
# Paths answered without Django, longest prefix first; a room that takes raw events is named here.
events, envelopes = Door(), answers.Door()
raw: dict[str, Application] = {
    answers.PREFIX: cast(Application, envelopes),
    "/v1/": cast(Application, events),
}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one connection."""
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    for prefix, answer in raw.items():
        if scope["path"].startswith(prefix):
            await answer(scope, receive, send)
            return

    await pages(scope, promptly(receive), send)


async def live(receive: Receive, send: Send) -> None:
    """Acknowledge start and end; what takes events and answers opens and closes with the process."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await asyncio.gather(events.start(), envelopes.start())
        else:
            await asyncio.gather(events.stop(), envelopes.stop())
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
