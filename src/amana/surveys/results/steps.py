"""Numbers and dates in steps wide enough that none stands for somebody: an odd one goes into the step at the end."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from amana.surveys.reading import small
from amana.surveys.results.figures import Cell, Found

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Step:
    """Numbers from `low` up to below `high`."""

    name: str
    low: float
    high: float
    cell: Cell


def of_numbers(told: Found) -> tuple[Step, ...]:
    """Return numbers in at most eleven steps of equal width, each a round number wide.

    They reach from where enough answers lie below to where enough lie above, so that no end tells what one person said.
    """
    values = sorted((float(name), cell) for name, cell in told.cells.items())
    if not values:
        return ()
    low = _reached(values)
    high = max(low, _reached(values[::-1]))
    width = _round_width((high - low) / MOST)
    begin = math.floor(low / width) * width
    count = int((high - begin) // width) + 1
    made = [_step(begin, width, place, count) for place in range(count)]
    for value, cell in values:
        place = max(0, min(count - 1, int((value - begin) // width)))
        made[place].cell.add(cell.answers, cell.mixing)
    return tuple(made)


def of_dates(told: Found) -> dict[str, Cell]:
    """Return dates by month; the months at both ends are joined until enough answers are in them."""
    months: dict[str, Cell] = {}
    for name, cell in sorted(told.cells.items()):
        months.setdefault(name[:7], Cell()).add(cell.answers, cell.mixing)
    names = list(months)
    first = next((place for place, name in enumerate(names) if months[name].enough), len(names))
    last = next((place for place, name in reversed(list(enumerate(names))) if months[name].enough), -1)
    if first > last:
        return {_("All months"): _sum(months.values())}
    return {
        _("Earlier"): _sum(months[name] for name in names[:first]),
        **{name: months[name] for name in names[first : last + 1]},
        _("Later"): _sum(months[name] for name in names[last + 1 :]),
    }


def quartiles(steps: Sequence[Step]) -> tuple[float, float, float] | None:
    """Return the lower quartile, the median and the upper quartile, as if numbers lay evenly within each step."""
    counts = [step.cell.rounded for step in steps]
    size = sum(counts)
    if size == 0:
        return None
    return (
        _quantile(steps, counts, size / 4),
        _quantile(steps, counts, size / 2),
        _quantile(steps, counts, 3 * size / 4),
    )


def _quantile(steps: Sequence[Step], counts: Sequence[int], rank: float) -> float:
    for step, count in zip(steps, counts, strict=True):
        if count and rank <= count:
            return step.low + (step.high - step.low) * rank / count
        rank -= count
    return steps[-1].high


def _reached(values: Sequence[tuple[float, Cell]]) -> float:
    """Return the first number by which enough have answered."""
    size, least = 0, small.least()
    for value, cell in values:
        size += cell.answers
        if size >= least:
            return value
    return values[len(values) // 2][0]


def _step(begin: float, width: float, place: int, count: int) -> Step:
    low, high = begin + place * width, begin + (place + 1) * width
    if count > 1 and place == 0:
        name = _("below %(number)s") % {"number": plain(high)}
    elif count > 1 and place == count - 1:
        name = _("%(number)s and more") % {"number": plain(low)}
    else:
        name = f"{plain(low)}–{plain(high)}"
    return Step(name, low, high, Cell())


def _round_width(least: float) -> float:
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def plain(value: float) -> str:
    """Return a number without needless places."""
    return format(Decimal(repr(round(value, 6))).normalize(), "f")


def _sum(cells: Iterable[Cell]) -> Cell:
    whole = Cell()
    for cell in cells:
        whole.add(cell.answers, cell.mixing)
    return whole
