"""What a new policy changes, whether that is wider or narrower for people, and whom it asks again."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, TypeAlias

from amana.kernel.text import Bilingual
from amana.policy import website
from amana.policy.document import Policy, Purpose, ValueKind
from amana.policy.durations import Duration

Direction: TypeAlias = Literal["wider", "narrower", "changed", "reworded"]
Verdict: TypeAlias = Callable[[Any, Any], Direction]

# Lists of names are sets: their order says nothing.
_SETS = re.compile(
    r"(?:.*\.)?(?:categories|channels|roles|tasks|recipients|purposes|origins|gpc_stops|choices)"
    r"|website\.consent_categories\.[^.]+"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` or `after` is None when the entry is new or gone; it touches `purposes`."""

    field: str
    direction: Direction
    before: str | None
    after: str | None
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes in the file's order, and the purposes whose earlier consent is not wide enough any more."""

    changes: tuple[Change, ...]
    asked_again: tuple[str, ...]

    def widened(self) -> tuple[Change, ...]:
        """Return what lets more happen to people's data than before."""
        return tuple(change for change in self.changes if change.direction == "wider")


def compare(old: Policy | None, new: Policy) -> Difference:
    """Compare a policy with the running one (None when none runs)."""
    before, after = (dict(_leaves(policy, "")) if policy else {} for policy in (old, new))
    changed = [at for at in {**after, **before} if before.get(at) != after.get(at)]
    heads = [at for at in changed if not _inside_another(at, changed)]
    changes = tuple(_change(at, before.get(at), after.get(at), old, new) for at in heads) if old else ()
    return Difference(changes, asked_again(old, new) if old else ())


def asked_again(old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the purposes resting on consent that grew wider than what was agreed under `old`, by name.

    `policy.carry_consent` decides the same in the database, where it binds.
    """
    return tuple(
        sorted(
            name
            for name, purpose in new.purposes.items()
            if purpose.asks() and name in old.purposes and _outgrown(name, old, new)
        )
    )


def _outgrown(name: str, old: Policy, new: Policy) -> bool:
    was, now = old.purposes[name], new.purposes[name]
    return (
        now.revision > was.revision
        or (now.promotional and not was.promotional)
        or not set(now.recipients) <= set(was.recipients)
        or any(_kept_longer(field, name, old, new) for field in now.categories)
        or _collects_more(name, old, new)
    )


def _kept_longer(field: str, purpose: str, old: Policy, new: Policy) -> bool:
    if field not in old.purposes[purpose].categories:
        return True
    limits = [
        min(policy.categories[field].retention, policy.purposes[purpose].retention) for policy in (old, new)
    ]
    return limits[1] > limits[0]


def _collects_more(purpose: str, old: Policy, new: Policy) -> bool:
    was, now = (website.collected(policy, purpose) for policy in (old, new))
    return any(item not in was or kept > was[item] for item, kept in now.items())


def _leaves(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    """Walk to the smallest things that can change; a whole entry is one too: it comes or goes at once."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            if _divides(entry):
                yield f"{at}.{name}", _PRESENT
            yield from _leaves(entry, f"{at}.{name}")
    elif isinstance(value, tuple):
        names = value if _SETS.fullmatch(at) else ()
        yield from ((f"{at}.{name}", _PRESENT) for name in names)
        yield from () if names else _numbered(value, at)
    elif _divides(value):
        for field in fields(value):
            yield from _leaves(getattr(value, field.name), f"{at}.{field.name}" if at else field.name)
    else:
        yield at, value


def _divides(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, Bilingual | Duration)


def _numbered(value: tuple[Any, ...], at: str) -> Iterator[tuple[str, Any]]:
    for number, entry in enumerate(value):
        yield from _leaves(entry, f"{at}.{number}")


_PRESENT = object()


def _inside_another(at: str, changed: list[str]) -> bool:
    """Tell whether a larger entry that holds this one has come or gone as a whole."""
    return any(at.startswith(f"{other}.") for other in changed)


def _change(at: str, before: Any, after: Any, old: Policy, new: Policy) -> Change:
    verdict = next((rule for pattern, rule in _RULES if re.fullmatch(pattern, at)), _other)
    return Change(at, verdict(before, after), _shown(before), _shown(after), _touched(at, old, new))


def _shown(value: Any) -> str | None:
    if value is None or value is _PRESENT:
        return None if value is None else "✓"
    if isinstance(value, Bilingual):
        return f"{value.ar} | {value.en}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _touched(at: str, old: Policy, new: Policy) -> tuple[str, ...]:
    part, _, rest = at.partition(".")
    name = rest.partition(".")[0]
    if part == "purposes":
        return (name,)
    lists: dict[str, Callable[[Purpose], tuple[str, ...]]] = {
        "categories": lambda purpose: purpose.categories,
        "recipients": lambda purpose: purpose.recipients,
        "channels": lambda purpose: purpose.channels,
        "roles": lambda purpose: purpose.roles,
    }
    if part == "website":
        return tuple(sorted(website.touched(old.website, at) | website.touched(new.website, at)))
    holds = lists.get(part)
    everything = {**old.purposes, **new.purposes}
    return tuple(sorted(key for key, purpose in everything.items() if holds and name in holds(purpose)))


def _other(before: Any, after: Any) -> Direction:
    return "reworded" if isinstance(before, Bilingual) or isinstance(after, Bilingual) else "changed"


def _added_is_wider(before: Any, after: Any) -> Direction:
    return "wider" if before is None else "narrower" if after is None else "changed"


def _gone_is_wider(before: Any, after: Any) -> Direction:
    return "wider" if after is None else "narrower" if before is None else "reworded"


def _source(before: str | None, after: str | None) -> Direction:
    if before is None or after is None:
        return _added_is_wider(before, after)
    return "wider" if after == "mandatory" else "narrower"


def _longer_is_wider(before: Any, after: Any) -> Direction:
    if before is None or after is None:
        return _added_is_wider(before, after)
    return "wider" if after > before else "narrower"


def _shorter_is_wider(before: Any, after: Any) -> Direction:
    return _longer_is_wider(after, before)


def _lower_is_wider(before: int, after: int) -> Direction:
    return "wider" if after < before else "narrower"


def _true_is_wider(before: bool, after: bool) -> Direction:
    return "wider" if after and not before else "narrower"


def _false_is_wider(before: bool, after: bool) -> Direction:
    return "wider" if before and not after else "narrower"


def _younger_is_wider(before: int | None, after: int | None) -> Direction:
    return "wider" if (after or 0) < (before or 0) else "narrower"


def _higher_is_wider(before: int, after: int) -> Direction:
    return "wider" if after > before else "changed"


def _freer_is_wider(before: ValueKind, after: ValueKind) -> Direction:
    was, now = website.says(before), website.says(after)
    return "wider" if now > was else "narrower" if now < was else "changed"


def _leaving_is_wider(value: str) -> Verdict:
    def verdict(before: Any, after: Any) -> Direction:
        return "wider" if before == value else "narrower" if after == value else "changed"

    return verdict


_RULES: tuple[tuple[str, Verdict], ...] = (
    (r"(categories|purposes|recipients|channels|automatic\.items)\.\w+", _added_is_wider),
    (r"purposes\.\w+\.(categories|channels|roles|tasks|recipients)\.\w+", _added_is_wider),
    (r"purposes\.\w+\.(promotional|survives_restriction)", _true_is_wider),
    (r"purposes\.\w+\.(needs_confirmed_address|default_off)", _false_is_wider),
    (r"purposes\.\w+\.min_age", _younger_is_wider),
    (r"purposes\.\w+\.revision", _higher_is_wider),
    (r"purposes\.\w+\.basis\.\w+", _leaving_is_wider("consent")),
    (r".*\.(retention|delayed_disclosure)", _longer_is_wider),
    (r"surveys\.(unfinished|stale_after)", _longer_is_wider),
    (r"surveys\.between", _shorter_is_wider),
    (r"surveys\.small_groups", _lower_is_wider),
    (r"surveys\.invites\.\w+", _added_is_wider),
    (r"surveys\.sensitive\.\w+", _gone_is_wider),
    (r"surveys\.sensitive\.\w+\.purged_after", _longer_is_wider),
    (r"categories\.\w+\.kind", _leaving_is_wider("identity")),
    (r"categories\.\w+\.(sensitive|promotional_needs_confirmation)", _false_is_wider),
    (r"categories\.\w+\.sources\.\w+", _source),
    (r"website\.(events|traits)\.[^.]+", _added_is_wider),
    (r"website\.origins\..+", _added_is_wider),
    (r"website\.consent_categories\.[^.]+\.\w+", _added_is_wider),
    (r"website\.gpc_stops\.\w+", _gone_is_wider),
    (r"website\.events\.[^.]+\.purposes\.\w+", _added_is_wider),
    (r"website\..+\.(properties|items)\.\w+", _added_is_wider),
    (r"website\..+\.choices\..+", _added_is_wider),
    (r"website\..+\.longest", _longer_is_wider),
    (r"website\..+\.kind", _freer_is_wider),
    (r"automatic\.honours_gpc", _false_is_wider),
    (r"automatic\.cookies_without_consent", _true_is_wider),
    (r"(safeguards|rights)\.\w+", _gone_is_wider),
)
