"""Files for spreadsheets: comma-separated values and workbooks whose texts are never run as formulas."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from openpyxl import Workbook

from amana.kernel.text import Language

Cell: TypeAlias = str | int | float | None

# Begins a formula (OWASP, CSV injection), in full width too, which spreadsheets read as the same.
_BEGINNINGS: Final = frozenset("=+-@＝＋－＠\t\r\n")
# A sheet's name is no longer (ISO/IEC 29500).
_LONGEST_NAME: Final = 31
BYTE_ORDER_MARK: Final = "\ufeff"


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return comma-separated values (RFC 4180) that spreadsheets read as UTF-8; None is an empty cell."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([harmless(cell) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + out.getvalue()


def as_xlsx(
    rows: Iterable[Sequence[Cell]],
    *,
    name: str,
    language: Language,
    widths: Mapping[str, int],
    heads: int = 1,
) -> bytes:
    """Return a workbook (ISO/IEC 29500) of one sheet, read from right to left in Arabic.

    `widths` are of columns, in characters; the first `heads` rows stay while the others are scrolled.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name[:_LONGEST_NAME]
    sheet.sheet_view.rightToLeft = language == "ar"
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    for column, width in widths.items():
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = f"A{heads + 1}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: Cell) -> Cell:
    """Return what a spreadsheet will not run: whoever writes a survey, or visits a page, chooses its texts."""
    if not isinstance(cell, str):
        return cell
    begins = cell[:1] + cell.lstrip()[:1]
    return f"'{cell}" if not _BEGINNINGS.isdisjoint(begins) else cell
