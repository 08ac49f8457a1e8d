"""The settings that Segment's browser library asks for, made from the policy: no third party, and no metrics."""

from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings

from amana.collect.judging.rules import Rules

SUFFIX = "/settings"
PREFIX = "/v1/projects/"
MAX_AGE = 60


def key_of(path: str) -> str | None:
    """Return the write key in `/v1/projects/KEY/settings`, or None for another path."""
    if path.startswith(PREFIX) and path.endswith(SUFFIX):
        key = path[len(PREFIX) : -len(SUFFIX)]
        return key if key and "/" not in key else None
    return None


def content(rules: Rules, write_key: str) -> bytes:
    """Return the settings: events go to this deployment and nowhere else; what is not declared is not planned."""
    address = urlsplit(settings.AMANA_PUBLIC_URL)
    return msgspec.json.encode(
        {
            "integrations": {
                "Segment.io": {
                    "apiKey": write_key,
                    "apiHost": f"{address.netloc}/v1",
                    "protocol": address.scheme,
                    "type": "server",
                    "bundlingStatus": "bundled",
                    "unbundledIntegrations": [],
                    "addBundledMetadata": False,
                    "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
                }
            },
            "plan": _plan(rules),
            "consentSettings": {"allCategories": sorted(rules.categories)},
            "edgeFunction": {},
            "analyticsNextEnabled": True,
            "middlewareSettings": {},
            "enabledMiddleware": {},
            "metrics": {"sampleRate": 0, "host": f"{address.netloc}/v1", "protocol": address.scheme},
            "legacyVideoPluginsEnabled": False,
            "autoInstrumentationSettings": {"disableTraffic": False, "sampleRate": 0},
            "remotePlugins": [],
        }
    )


def _plan(rules: Rules) -> dict[str, Any]:
    declared = {"enabled": True, "integrations": {}}
    return {
        "track": {
            "__default": {"enabled": False, "integrations": {}},
            **{name: declared for name, event in sorted(rules.events.items()) if event.call == "track"},
        },
        "identify": {"__default": {"enabled": True}},
        "group": {"__default": {"enabled": "Group Joined" in rules.events}},
    }
