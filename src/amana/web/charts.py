"""Draw small charts as SVG on the server, once for wide pages and once for phones, with the same figures as a table.

Time runs in the direction of reading, values upwards. Nothing here carries a style of its own: lines differ in
colour and in dash by the classes of the stylesheet.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from amana.kernel.plots import Chart
from amana.web.reading import Reader

RULES = 4
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawing surface, in units of which one is one pixel where the chart is shown at its own width."""

    name: str
    width: int
    height: int
    labels: int
    start: int = 58
    end: int = 16
    top: int = 14
    bottom: int = 30


SHEETS = (Sheet("wide", 760, 260, 7), Sheet("phone", 340, 220, 3))


def lines(chart: Chart, *, reader: Reader) -> SafeString:
    """Draw each series as a line; a None interrupts it."""
    return _drawn(chart, reader, "lines")


def bars(chart: Chart, *, reader: Reader) -> SafeString:
    """Draw the one series as columns. Raises ValueError when there are several."""
    if len(chart.series) != 1:
        raise ValueError("columns show one series")
    return _drawn(chart, reader, "bars")


def ceiling(highest: float) -> float:
    """Return the round figure at which the scale ends: at or above the highest value, in RULES equal steps."""
    if highest <= 0:
        return float(RULES)
    rough = highest / RULES
    # People and messages are counted in whole ones.
    power = max(1.0, 10.0 ** math.floor(math.log10(rough)))
    return RULES * next(
        step * power for step in _STEPS if step * power >= rough * 0.9999 and (step * power).is_integer()
    )


def _drawn(chart: Chart, reader: Reader, kind: str) -> SafeString:
    highest = max((value for one in chart.series for value in one.values if value is not None), default=0)
    lowest = min((value for one in chart.series for value in one.values if value is not None), default=0)
    top = ceiling(max(highest, -lowest))
    floor = -top if lowest < 0 else 0.0
    rows = [
        (
            label,
            [None if (value := one.values[at]) is None else _figure(value, reader) for one in chart.series],
        )
        for at, label in enumerate(chart.labels)
    ]
    drawings = [_Drawing(chart, sheet, (floor, top), reader) for sheet in SHEETS]
    return SafeString(
        render_to_string(
            "web/components/chart.html",
            {"chart": chart, "kind": kind, "drawings": drawings, "rows": rows},
        )
    )


class _Drawing:
    """A chart laid out on one sheet. Attributes are what the template writes."""

    def __init__(self, chart: Chart, sheet: Sheet, ends: tuple[float, float], reader: Reader) -> None:
        self.sheet = sheet
        self._chart, self._reader = chart, reader
        self._floor, self._top = ends
        self.rtl = reader.language == "ar"
        self.base = sheet.height - sheet.bottom
        self.axis_x = sheet.width - sheet.start + 10 if self.rtl else sheet.start - 10
        self.rule_from, self.rule_to = sorted((self._across(0.0), self._across(1.0)))

    @property
    def rules(self) -> list[tuple[float, str]]:
        """Return height and figure of each rule, the lowest first."""
        figures = [self._floor + (self._top - self._floor) * n / RULES for n in range(RULES + 1)]
        return [(self._height(figure), _figure(figure, self._reader)) for figure in figures]

    @property
    def labels(self) -> list[tuple[float, str, str]]:
        """Return place, anchor and words of the labels there is room for, the last one always among them."""
        count = len(self._chart.labels)
        every = max(1, math.ceil((count - 1) / max(1, self.sheet.labels - 1)))
        return [
            (self._place(at), "middle", self._chart.labels[at])
            for at in range(count)
            if (count - 1 - at) % every == 0
        ]

    @property
    def paths(self) -> list[tuple[int, str]]:
        """Return number and path of each line."""
        return [(n, self._path(one.values)) for n, one in enumerate(self._chart.series, 1)]

    @property
    def columns(self) -> list[tuple[float, float, float, float]]:
        """Return x, y, width and height of each column."""
        width = round(self._room() / len(self._chart.labels) * 0.62, 1)
        return [
            (
                round(self._place(at) - width / 2, 1),
                self._height(value),
                width,
                round(self.base - self._height(value), 1),
            )
            for at, value in enumerate(self._chart.series[0].values)
            if value is not None
        ]

    @property
    def hits(self) -> list[tuple[float, float, str]]:
        """Return x, width and words of the strip over each label: what a pointer that rests there is told."""
        width = round(self._room() / len(self._chart.labels), 1)
        return [
            (round(self._place(at) - width / 2, 1), width, self._words(at))
            for at in range(len(self._chart.labels))
        ]

    @property
    def room(self) -> tuple[int, int]:
        """Return the top and the height of what is drawn over the scale."""
        return self.sheet.top, self.base - self.sheet.top

    def _words(self, at: int) -> str:
        told = [
            f"{one.name}: {_figure(value, self._reader)}"
            for one in self._chart.series
            if (value := one.values[at]) is not None
        ]
        return "\n".join([self._chart.labels[at], *told])

    def _path(self, values: Sequence[float | None]) -> str:
        parts, pen = [], "M"
        for at, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            parts.append(f"{pen}{self._place(at)} {self._height(value)}")
            pen = "L"
        return " ".join(parts)

    def _room(self) -> float:
        return self.sheet.width - self.sheet.start - self.sheet.end

    def _across(self, share: float) -> float:
        at = self.sheet.start + share * self._room()
        return round(self.sheet.width - at if self.rtl else at, 1)

    def _place(self, at: int) -> float:
        return self._across((at + 0.5) / len(self._chart.labels))

    def _height(self, value: float) -> float:
        share = (value - self._floor) / (self._top - self._floor)
        return round(self.base - share * (self.base - self.sheet.top), 1)


def _figure(value: float, reader: Reader) -> str:
    """Return a figure in the reader's digits, a minus before it whichever way one reads."""
    written = reader.number(_exact(abs(value)))
    return f"\u2066−{written}\u2069" if value < 0 else written


def _exact(value: float) -> Decimal:
    return Decimal(repr(round(value, 2)))
