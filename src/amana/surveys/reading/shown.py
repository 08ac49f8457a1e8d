"""Counts made into what the pages show: tables, charts, files, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from babel import Locale
from django.utils.translation import gettext as _

from amana.kernel import digits, sheets
from amana.kernel.plots import Chart, Series
from amana.kernel.sheets import Cell
from amana.kernel.text import Bilingual, Language
from amana.retailer.queries import Shop
from amana.surveys.reading import chosen, lexicon
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.figures import Course, Line
from amana.surveys.reading.seasons import SEASONS
from amana.surveys.reading.themes import OTHER, THEMES

_LOCALES: Final = {"ar": Locale("ar"), "en": Locale("en")}
_FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a name, where it leads, counts (None for too few), and its share of the largest to draw."""

    code: str
    name: str
    address: str
    counts: tuple[int | None, ...]
    bar: float
    start: float


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts."""

    title: str
    subject: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written."""

    language: Language
    country: str

    def text(self, both: Bilingual) -> str:
        """Return a text in the reader's language."""
        return both.in_(self.language)

    def month(self, course: Course) -> tuple[str, ...]:
        """Write the months of a course."""
        names = _LOCALES[self.language].months["stand-alone"]["abbreviated"]
        return tuple(
            digits.localise(
                f"{names[day.month]} {day.year % 100:02}", country=self.country, language=self.language
            )
            for day in course.months
        )


def themes(lines: Sequence[Line], asked: Asked, address: str, reader: Reader) -> Table:
    """Return the themes, the largest first and what is none of them last."""
    placed = sorted(lines, key=lambda line: line.code == OTHER)
    rows = _rows(
        placed,
        {code: name.in_(reader.language) for code, name in THEMES.items()},
        lambda line: "" if line.code == OTHER else f"{address}{asked.query(theme=line.code)}",
        reader,
        felt=True,
    )
    return Table(_("Themes"), _("Theme"), _felt_heads(), rows, "themes")


def theme_shops(lines: Sequence[Line], shops: Sequence[Shop], reader: Reader) -> Table:
    """Return one theme by shop."""
    rows = _rows(lines, _shop_names(shops, reader), lambda line: "", reader, felt=True)
    return Table(_("By shop"), _("Shop"), _felt_heads(), rows)


def demand(about: str, lines: Sequence[Line], asked: Asked, address: str, reader: Reader) -> Table:
    """Return what was wanted, missing, disliked or liked."""
    names = {_item(line): name_of(about, line, reader) for line in lines}
    rows = _rows(
        lines,
        names,
        lambda line: f"{address}{asked.query(about=about, item=_item(line))}",
        reader,
        coded=_item,
    )
    return Table(_titles()[about], _subjects()[about], (_("Answers"),), rows, about)


def by_shop(lines: Sequence[Line], shops: Sequence[Shop], reader: Reader) -> Table:
    """Return one thing's answers by shop."""
    rows = _rows(lines, _shop_names(shops, reader), lambda line: "", reader)
    return Table(_("By shop"), _("Shop"), (_("Answers"),), rows)


def by_season(lines: Sequence[Line], reader: Reader) -> Table:
    """Return one thing's answers by season, in the order of the year."""
    order = list(SEASONS)
    placed = sorted(lines, key=lambda line: order.index(line.code))
    names = {code: name.in_(reader.language) for code, name in SEASONS.items()}
    return Table(_("By season"), _("Season"), (_("Answers"),), _rows(placed, names, lambda line: "", reader))


def find_course(title: str, found: Course, reader: Reader, *more: tuple[str, Course]) -> Chart | None:
    """Return counts month by month as a chart, or None where no two months in a row have enough to draw a line."""
    if not _drawn(found):
        return None
    labels = reader.month(found)
    known = [(value, label) for value, label in zip(found.values, labels, strict=True) if value is not None]
    return Chart(
        title=title,
        summary=_("Most answers: %(month)s") % {"month": max(known, key=lambda one: one[0])[1]},
        unit=_("Answers a month, rounded"),
        labels=labels,
        series=(
            Series(_("Answers"), found.values),
            *(Series(name, one.values) for name, one in more if _drawn(one)),
        ),
    )


def _drawn(found: Course) -> bool:
    return any(None not in two for two in pairwise(found.values))


def name_of(about: str, line: Line, reader: Reader) -> str:
    """Return what one thing is called."""
    if line.question:
        label = chosen.labels(line.version).get((line.question, line.code))
        return reader.text(label) if label else line.code
    if about == "wanted":
        product = lexicon.products().get(line.code)
        return reader.text(product.name) if product else line.code
    if about == "size":
        return digits.localise(
            reader.text(lexicon.size_name(line.code)), country=reader.country, language=reader.language
        )
    return reader.text(THEMES[line.code]) if line.code in THEMES else line.code


def find_item(lines: Sequence[Line], item: str) -> Line | None:
    """Return the line that an address asks for, or None."""
    return next((line for line in lines if _item(line) == item), None)


def _item(line: Line) -> str:
    return f"{line.question}:{line.code}" if line.question else line.code


def as_csv(table: Table, asked: Asked) -> str:
    """Return a table as CSV with the days it is of; too few is an empty cell."""
    return sheets.as_csv(_lines(table, asked))


def as_xlsx(table: Table, asked: Asked, language: Language) -> bytes:
    """Return a table as a workbook, with the days it is of; too few is an empty cell."""
    return sheets.as_xlsx(
        _lines(table, asked), name=table.title, language=language, widths={"A": 36}, heads=2
    )


def _lines(table: Table, asked: Asked) -> list[list[Cell]]:
    head: list[Cell] = [_("From"), asked.first.isoformat(), _("To"), asked.last.isoformat()]
    rows: list[list[Cell]] = [[row.name, *row.counts] for row in table.rows]
    return [head, [table.subject, *table.heads], *rows]


def _code(line: Line) -> str:
    return line.code


def _rows(
    lines: Sequence[Line],
    names: Mapping[str, str],
    leads: Callable[[Line], str],
    reader: Reader,
    *,
    felt: bool = False,
    coded: Callable[[Line], str] = _code,
) -> tuple[Row, ...]:
    most = max((line.counted.answers or 0 for line in lines), default=0)
    return tuple(_row(line, coded(line), names, leads(line), most, reader, felt) for line in lines)


def _row(
    line: Line, code: str, names: Mapping[str, str], address: str, most: int, reader: Reader, felt: bool
) -> Row:
    counted = line.counted
    bar = round(_FULL * (counted.answers or 0) / most, 1) if most else 0.0
    start = round(_FULL - bar, 1) if reader.language == "ar" else 0.0
    counts = (counted.answers, counted.good, counted.bad) if felt else (counted.answers,)
    return Row(code, names.get(code, code), address, counts, bar, start)


def _felt_heads() -> tuple[str, ...]:
    return (_("Answers"), _("Praise"), _("Criticism"))


def _shop_names(shops: Sequence[Shop], reader: Reader) -> Mapping[str, str]:
    return {str(shop.id): shop.name.in_(reader.language) for shop in shops}


def _titles() -> Mapping[str, str]:
    return {
        "wanted": _("Wanted and not found"),
        "size": _("Sizes asked for"),
        "dislike": _("Disliked"),
        "like": _("Liked"),
    }


def _subjects() -> Mapping[str, str]:
    return {"wanted": _("Product"), "size": _("Size"), "dislike": _("Theme"), "like": _("Theme")}
