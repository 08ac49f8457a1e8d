"""A first look at properties, all at once: those that have the shape the policy declares are kept as they stand.

It only ever agrees: what it does not know to be right, `checks` judges property by property.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from amana.collect.judging import checks
from amana.collect.judging.checks import LARGEST, Check
from amana.policy.document import Property

Shape: TypeAlias = type[msgspec.Struct]

_INTEGER: Final = Annotated[int, Meta(ge=-LARGEST, le=LARGEST)]
_NUMBER: Final = _INTEGER | Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
# These are looked at further, whatever their shape.
TURNED: Final = frozenset({"path", "host"})


def shape_of(declared: Mapping[str, Property]) -> Shape | None:
    """Return what holds exactly the declared properties, none of them null; None where items have to be turned."""
    if any(one.kind in TURNED for several in declared.values() for one in several.items.values()):
        return None
    names = {f"p{number}": name for number, name in enumerate(declared)}
    fields = [(field, _kind(declared[name]) | UnsetType, UNSET) for field, name in names.items()]
    return msgspec.defstruct("Shape", fields, forbid_unknown_fields=True, rename=names, gc=False)


def fits(given: Mapping[str, Any], shape: Shape | None) -> bool:
    """Tell whether all properties are declared and of the declared kinds and lengths."""
    if shape is None:
        return False
    try:
        msgspec.convert(given, shape)
    except msgspec.ValidationError:
        return False
    return True


def names_somebody(given: Mapping[str, Any], turned: Mapping[str, Check]) -> bool:
    """Tell whether an e-mail address stands in properties that fit; what is turned is looked at then."""
    for name, value in given.items():
        kind = type(value)
        if kind is str:
            # Looked at here first: a call for each text costs more than looking.
            if ("@" in value or "%" in value) and name not in turned and checks.names_somebody(value):
                return True
        elif kind is list and any(names_somebody(item, {}) for item in value):
            return True
    return False


def _kind(declared: Property) -> Any:
    kinds: dict[str, Any] = {
        "path": str, "host": str, "number": _NUMBER, "integer": _INTEGER, "boolean": bool,
    }  # fmt: skip
    if declared.kind == "text":
        return Annotated[str, Meta(max_length=declared.longest)]
    if declared.kind == "choice":
        return Literal[declared.choices]
    if declared.kind == "items":
        return Annotated[list[shape_of(declared.items)], Meta(min_length=1, max_length=declared.longest)]  # type: ignore[misc]
    return kinds[declared.kind]
