"""Check one value against what the policy declares of it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from amana.collect.judging import pages
from amana.policy.document import Property


class Drop:
    """Why a value is not kept."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason


WRONG_TYPE: Final = Drop("wrong_type")
TOO_LONG: Final = Drop("too_long")
ADDRESS: Final = Drop("address_in_text")
# An e-mail address, also as addresses of pages write it (`%40`): pages greet people by it, forms put it into paths.
_EMAIL: Final = re.compile(r"[\w.+-](?:@|%(?:25)*40)[\w-]+(?:\.[\w-]+)*\.[^\W\d]{2,}")
# What JSON's readers everywhere hold exactly (RFC 8259, section 6), and the lake too.
LARGEST: Final = 2**53 - 1

# Names of properties that are not kept, each with its reason.
Losses: TypeAlias = list[tuple[str, str]]
Check: TypeAlias = Callable[[Any, Losses], Any]


def check_of(declared: Property) -> Check:
    """Return what takes a value and gives what is kept of it, or a Drop; nested losses are added to a list."""
    made: Check = {
        "text": _text, "path": _path, "host": _host, "number": _number, "integer": _integer,
        "boolean": _boolean, "choice": _choice, "items": _items,
    }[declared.kind](declared)  # fmt: skip
    return made


def checks_of(declared: Mapping[str, Property]) -> dict[str, Check]:
    """Return the checks of several properties, by name."""
    return {name: check_of(one) for name, one in declared.items()}


def names_somebody(text: str) -> bool:
    """Tell whether an e-mail address stands in a text; no declared text is there to hold one."""
    return ("@" in text or "%" in text) and _EMAIL.search(text) is not None


def _free(text: str, longest: int) -> str | Drop:
    if len(text) > longest:
        return TOO_LONG
    return ADDRESS if names_somebody(text) else text


def _text(declared: Property) -> Check:
    longest = declared.longest

    def check(value: Any, losses: Losses) -> Any:
        if type(value) is not str:
            return WRONG_TYPE
        return _free(value, longest)

    return check


def _path(declared: Property) -> Check:
    longest = declared.longest

    def check(value: Any, losses: Losses) -> Any:
        if type(value) is not str:
            return WRONG_TYPE
        return _free(pages.path_of(value), longest)

    return check


def _host(declared: Property) -> Check:
    longest = declared.longest

    def check(value: Any, losses: Losses) -> Any:
        if type(value) is not str:
            return WRONG_TYPE
        host = pages.host_of(value)
        return host if len(host) <= longest else TOO_LONG

    return check


def _number(declared: Property) -> Check:
    def check(value: Any, losses: Losses) -> Any:
        kind = type(value)
        return value if (kind is float or kind is int) and -LARGEST <= value <= LARGEST else WRONG_TYPE

    return check


def _integer(declared: Property) -> Check:
    def check(value: Any, losses: Losses) -> Any:
        kind = type(value)
        if kind is int and -LARGEST <= value <= LARGEST:
            return value
        # JavaScript knows one kind of number: 3.0 is 3.
        return int(value) if kind is float and abs(value) <= LARGEST and value.is_integer() else WRONG_TYPE

    return check


def _boolean(declared: Property) -> Check:
    def check(value: Any, losses: Losses) -> Any:
        return value if type(value) is bool else WRONG_TYPE

    return check


def _choice(declared: Property) -> Check:
    choices = frozenset(declared.choices)

    def check(value: Any, losses: Losses) -> Any:
        return value if type(value) is str and value in choices else WRONG_TYPE

    return check


def _items(declared: Property) -> Check:
    longest, known = declared.longest, checks_of(declared.items)

    def check(value: Any, losses: Losses) -> Any:
        if type(value) is not list:
            return WRONG_TYPE
        if len(value) > longest:
            return TOO_LONG
        return [kept(item, known, losses) for item in value if type(item) is dict] or WRONG_TYPE

    return check


def kept(given: Mapping[str, Any], known: Mapping[str, Check], losses: Losses) -> dict[str, Any]:
    """Return the declared values among `given`, and add each that is not to `losses`; null is no value."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        check = known.get(name)
        if check is None:
            losses.append((name, "undeclared_property"))
        elif value is not None:
            value = check(value, losses)
            if type(value) is Drop:
                losses.append((name, value.reason))
            else:
                found[name] = value
    return found


def turn(given: dict[str, Any], turned: Mapping[str, Check], losses: Losses) -> None:
    """Put what is kept of some properties in their places; what is not kept goes, and is added to `losses`."""
    for name, check in turned.items():
        if name in given:
            value = check(given[name], losses)
            if type(value) is Drop:
                losses.append((name, value.reason))
                del given[name]
            else:
                given[name] = value
