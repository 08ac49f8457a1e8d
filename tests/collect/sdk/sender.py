"""Send with a library for servers, told nothing but the key, the host and whether to compress; a process of its own.

`sender.py LIBRARY KEY HOST ZIPPED` says the library's version and whatever it reported as failed.
"""

import json
import sys
from importlib import import_module
from typing import Any

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)
TRACKED = 120


def context() -> dict[str, Any]:
    """Return what a server tells of the browser it speaks for; libraries write into it, so each call has its own."""
    return {
        "consent": {"categoryPreferences": {"analytics": True, "personalisation": False}},
        "userAgent": PHONE,
        "ip": "5.195.20.7",
        "page": {"path": "/ar/p/1", "url": "https://redtag.example/ar/p/1?token=secret"},
    }


def send(client: Any) -> None:
    """Make every call the library knows; its batches it makes itself."""
    for number in range(TRACKED):
        properties = {"product_id": f"p-{number}", "price": number + 0.5, "currency": "AED", "colour": "x"}
        client.track("u-1", "Product Viewed", properties, context=context())
    client.track("u-1", "Undeclared", {"product_id": "p"}, context=context())
    client.page("u-1", "Women", "Home", {"path": "/ar/?q=1", "title": "الرئيسية"}, context=context())
    client.screen("u-1", "Women", "Home", {}, context=context())
    client.identify("u-1", {"email": "noor@mail.example", "name": "نور", "plan": "gold"}, context=context())
    client.group("u-1", "g-1", {"size": 1}, context=context())
    client.alias("a-1", "u-1", context=context())
    client.flush()
    client.shutdown()


def main(library: str, key: str, host: str, zipped: str) -> None:
    """Send everything and say what came of it."""
    failed: list[str] = []
    module = import_module(f"{library}.analytics.client")
    version = import_module(f"{library}.analytics.version").VERSION
    send(
        module.Client(
            key, host=host, gzip=zipped == "gzip", on_error=lambda error, _: failed.append(repr(error))
        )
    )
    print(json.dumps({"version": version, "failed": failed}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
