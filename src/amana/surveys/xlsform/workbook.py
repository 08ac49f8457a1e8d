"""Read the sheets of a workbook as rows of texts under named columns."""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from amana.surveys.definition.parsing import MOST_LETTERS
from amana.surveys.logic.values import written
from amana.surveys.xlsform import package
from amana.surveys.xlsform.refusals import FORMULA, LARGE, LONG, NO_TEXT, UNREADABLE, refused

MOST_ROWS: Final = 3_000
MOST_COLUMNS: Final = 200
LAST_ROW: Final = 1_048_576
# Marks of direction and other characters nobody sees: they come with text pasted from elsewhere.
_UNSEEN: Final = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufeff\ud800-\udfff]")
_BLANKS: Final = re.compile(r"\s+")
# What the reader of workbooks raises over parts that are not as they should be.
_BROKEN: Final = (
    ArithmeticError, AttributeError, EOFError, InvalidFileException, LookupError, OSError, ParseError, RecursionError,
    RuntimeError, TypeError, ValueError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell; `fault` is why its text cannot be used, should anybody ask for it."""

    place: str
    written: str
    fault: str = ""

    @property
    def text(self) -> str:
        """Return the text. Raises FormRefused."""
        if self.fault:
            raise refused(self.fault, self.place)
        return self.written


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: its cells by the names of their columns, without those that are empty."""

    place: str
    cells: Mapping[str, Cell]

    def text(self, column: str) -> str:
        """Return what stands under a column, empty where nothing does. Raises FormRefused."""
        cell = self.cells.get(column)
        return cell.text if cell else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its columns by their headings, and its rows. `repeated` are headings that stand twice."""

    name: str
    columns: tuple[str, ...]
    repeated: tuple[str, ...]
    lines: tuple[Line, ...]


def sheets(content: bytes) -> dict[str, Sheet]:
    """Return the sheets of a workbook by their names in small letters. Raises FormRefused."""
    clean = package.clean(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(clean, read_only=True, keep_links=False)
            found = [_sheet(one) for one in book.worksheets]
    except _BROKEN as error:
        raise refused(UNREADABLE) from error
    return {sheet.name: sheet for sheet in reversed(found)}


def _sheet(source: Any) -> Sheet:
    source.reset_dimensions()
    name = _BLANKS.sub(" ", source.title.strip().lower())[:60]
    rows = _rows(source, name)
    heading = next(rows, {})
    columns: dict[int, str] = {}
    repeated = []
    for number, cell in heading.items():
        title = _BLANKS.sub(" ", cell.written)
        if title in columns.values():
            repeated.append(title)
        else:
            columns[number] = title
    lines = (
        (row, {columns[number]: cell for number, cell in row.items() if number in columns}) for row in rows
    )
    kept = tuple(Line(_row_place(name, row), cells) for row, cells in lines if cells)
    return Sheet(name, tuple(columns.values()), tuple(repeated), kept)


def _row_place(name: str, row: Mapping[int, Cell]) -> str:
    first = next(iter(row.values())).place
    return f"{name}!{first.partition('!')[2].lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"


def _rows(source: Any, name: str) -> Iterator[dict[int, Cell]]:
    """Return the rows that hold anything, each with its cells by the number of their column."""
    for number, row in enumerate(source.iter_rows(), 1):
        if number > LAST_ROW:
            raise refused(LARGE, name)
        cells = dict(_cells(row, name, number))
        if cells and (number > MOST_ROWS or max(cells) > MOST_COLUMNS):
            raise refused(LARGE, f"{name}!{number}")
        if cells:
            yield cells


def _cells(row: tuple[Any, ...], name: str, number: int) -> Iterator[tuple[int, Cell]]:
    for column, cell in enumerate(row, 1):
        if cell.value is not None:
            made = _cell(cell.value, cell.data_type, f"{name}!{get_column_letter(column)}{number}")
            if made.written or made.fault:
                yield column, made


def _cell(value: object, sort: str, place: str) -> Cell:
    if sort == "f":
        return Cell(place, "", FORMULA)
    if isinstance(value, bool):
        return Cell(place, "true" if value else "false")
    if isinstance(value, int | float) and sort == "n":
        return Cell(place, written(float(value)))
    if not isinstance(value, str) or sort == "e":
        return Cell(place, "", NO_TEXT)
    if len(value) > MOST_LETTERS:
        return Cell(place, "", LONG)
    return Cell(place, _UNSEEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip())
