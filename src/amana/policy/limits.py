"""The limits of the law that a policy states for each jurisdiction, and the shape of each."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import available_timezones

from amana.policy.document import Plain

_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a limit's value must look like, and whether every jurisdiction must state it."""

    fits: Callable[[Plain], bool]
    ar: str
    en: str
    required: bool = True


def _truth(value: Plain) -> bool:
    return isinstance(value, bool)


def _count(value: Plain) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _quiet(value: Plain) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"from", "until", "zone", "channels"}:
        return False
    times = all(isinstance(value[end], str) and _TIME.fullmatch(value[end]) for end in ("from", "until"))
    return times and value["zone"] in available_timezones() and isinstance(value["channels"], tuple)


def _frequency(value: Plain) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"most", "days"}:
        return False
    return all(_count(number) and 1 <= number <= 366 for number in value.values())


def _age(value: Plain) -> bool:
    return _count(value) and 1 <= value <= 120


_TRUTH = (_truth, "true أو false", "true or false")
_COUNT = (_count, "عدد صحيح", "a whole number")

SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "legitimate_interest_exists": Shape(*_TRUTH),
        "marketing_consent_required": Shape(*_TRUTH),
        "right_to_object_marketing": Shape(*_TRUTH),
        "right_to_object_surveys": Shape(*_TRUTH),
        "request_days": Shape(*_COUNT),
        "request_extension_days": Shape(*_COUNT),
        "breach_hours": Shape(*_COUNT),
        "child_age": Shape(_age, "عمر بالسنوات", "an age in years"),
        "draw_may_depend_on_purchase": Shape(*_TRUTH),
        "draw_licence_required": Shape(*_TRUTH),
        "draw_max_days": Shape(*_COUNT, required=False),
        "draw_prize_days": Shape(*_COUNT, required=False),
        "quiet_hours": Shape(
            _quiet,
            "{from: HH:MM, until: HH:MM, zone: Asia/Riyadh, channels: [sms]}",
            "{from: HH:MM, until: HH:MM, zone: Asia/Riyadh, channels: [sms]}",
            required=False,
        ),
        "offers_most": Shape(_frequency, "{most: 2, days: 7}", "{most: 2, days: 7}", required=False),
    }
)
