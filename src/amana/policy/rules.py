"""Compile a policy into the rules the database obeys."""

from typing import Any

from amana.policy import website
from amana.policy.document import Category, Plain, Policy, Purpose


def rules(policy: Policy) -> dict[str, Any]:
    """Return the rules as `policy.publish` takes them; all but `terms` is what `policy.rules_of` gives."""
    return {
        "terms": {
            "channel": sorted(policy.channels),
            "recipient": sorted(policy.recipients),
            "jurisdiction": sorted(policy.jurisdictions),
            "task": sorted(policy.tasks),
            "source": sorted(policy.sources),
        },
        "fields": {name: _field(category) for name, category in policy.categories.items()},
        "roles": {
            name: {"may_limit_to_shops": role.may_limit_to_shops} for name, role in policy.roles.items()
        },
        "purposes": {
            name: {**_purpose(purpose), "collected": _collected(policy, name)}
            for name, purpose in policy.purposes.items()
        },
        "sources": _sources(policy),
        "limits": {
            code: {name: _json(limit.value) for name, limit in place.limits.items()}
            for code, place in policy.jurisdictions.items()
            if place.limits
        },
        "use_retention": str(policy.evidence["uses"].retention),
    }


def enforced(policy: Policy) -> dict[str, Any]:
    """Return the rules without the bare list of terms."""
    return {part: value for part, value in rules(policy).items() if part != "terms"}


def _field(category: Category) -> dict[str, Any]:
    return {
        "kind": category.kind,
        "sensitive": category.sensitive,
        "retention": str(category.retention),
        "promotional_needs_confirmation": category.promotional_needs_confirmation,
    }


def _purpose(purpose: Purpose) -> dict[str, Any]:
    return {
        "clause": purpose.clause,
        "promotional": purpose.promotional,
        "needs_confirmed_address": purpose.needs_confirmed_address,
        "min_age": purpose.min_age,
        "default_off": purpose.default_off,
        "survives_restriction": purpose.survives_restriction,
        "delayed_disclosure": str(purpose.delayed_disclosure) if purpose.delayed_disclosure else None,
        "retention": str(purpose.retention),
        "revision": purpose.revision,
        "basis": dict(purpose.basis),
        "fields": sorted(purpose.categories),
        "channels": sorted(purpose.channels),
        "roles": sorted(purpose.roles),
        "recipients": sorted(purpose.recipients),
        "tasks": sorted(purpose.tasks),
    }


def _collected(policy: Policy, purpose: str) -> dict[str, str]:
    return {item: str(kept) for item, kept in website.collected(policy, purpose).items()}


def _sources(policy: Policy) -> dict[str, dict[str, dict[str, bool]]]:
    given: dict[str, dict[str, dict[str, bool]]] = {}
    for field, category in policy.categories.items():
        for source, demand in category.sources.items():
            given.setdefault(source, {})[field] = {"mandatory": demand == "mandatory"}
    return given


def _json(value: Plain) -> Any:
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if hasattr(value, "items"):
        return {name: _json(item) for name, item in value.items()}
    return value
