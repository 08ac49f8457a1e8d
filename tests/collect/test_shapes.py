"""What a shape lets through is what the checks of each property keep, to the letter."""

import copy
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from amana.collect.judging import checks, shapes
from amana.kernel.text import Bilingual
from amana.policy.document import Property

WORDING = Bilingual(ar="خاصية", en="property")
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.0, 2.5, -0.0, 2**53 - 1, 2**53, float(2**53), -(2**53), 2**64, 10**400, 1e300,
    "", "a", "ab", "abc", "abcd", "😀😀😀", "😀😀😀😀", "a@b", "noor@mail.example", "noor%40mail.example",
    "noor%2540mail.example", "/a?b=noor@mail.example", "https://Shop.Example/a@b.cd?x", "%", "40", "\0", "AED", "aed",
    [], [{}], [1], [None], ["a"], {}, {"a": 1},
    [{"text": "abc", "number": 2}], [{"text": None}], [{"text": "noor@mail.example"}], [{"text": "abc", "else": 1}],
    [{"text": "abcd"}], [{"text": "a"}] * 3, [{"text": "a"}] * 4, [{"number": 2**53}],
)  # fmt: skip
INSIDE = {
    "text": Property(wording=WORDING, kind="text", longest=24),
    "number": Property(wording=WORDING, kind="number"),
}
DECLARED = {
    **{kind: Property(wording=WORDING, kind=kind, longest=3) for kind in ("number", "integer", "boolean")},
    "text": Property(wording=WORDING, kind="text", longest=3),
    "long text": Property(wording=WORDING, kind="text", longest=40),
    "path": Property(wording=WORDING, kind="path", longest=24),
    "host": Property(wording=WORDING, kind="host", longest=24),
    "choice": Property(wording=WORDING, kind="choice", choices=("AED", "SAR")),
    "items": Property(wording=WORDING, kind="items", longest=3, items=INSIDE),
}
TURNED = checks.checks_of({of: one for of, one in DECLARED.items() if one.kind in shapes.TURNED})


def cases() -> Iterator[dict[str, Any]]:
    """Yield properties: each value under each name, alone, beside a sound one and beside an undeclared one."""
    besides: tuple[dict[str, Any], ...] = ({}, {"text": "abc"}, {"else": 1})
    for name, value, beside in product(DECLARED, VALUES, besides):
        yield {**beside, name: value}


def by_checks(given: dict[str, Any]) -> tuple[str, checks.Losses]:
    losses: checks.Losses = []
    return repr(sorted(checks.kept(given, checks.checks_of(DECLARED), losses).items())), losses


def by_shape(given: dict[str, Any]) -> tuple[str, checks.Losses] | None:
    if not shapes.fits(given, shapes.shape_of(DECLARED)) or shapes.names_somebody(given, TURNED):
        return None
    losses: checks.Losses = []
    checks.turn(given, TURNED, losses)
    return repr(sorted(given.items())), losses


def test_n1_what_fits_is_what_the_checks_keep() -> None:
    found = [(by_shape(copy.deepcopy(given)), by_checks(given)) for given in cases()]
    fitting = [one for one in found if one[0] is not None]
    assert [one for one in fitting if one[0] != one[1]] == []
    assert len(fitting) > len(found) // 10


@pytest.mark.parametrize("kind", sorted(shapes.TURNED))
def test_n1_items_that_have_to_be_turned_fit_no_shape(kind: Any) -> None:
    inside = {"url": Property(wording=WORDING, kind=kind)}
    declared = {"products": Property(wording=WORDING, kind="items", items=inside)}
    shape = shapes.shape_of(declared)
    assert (shape, shapes.fits({"products": [{"url": "/a?noor"}]}, shape)) == (None, False)
