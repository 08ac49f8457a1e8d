"""Write a survey as a workbook after XLSForm, and list what the workbook does not say."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from amana.surveys.definition.document import Definition
from amana.surveys.xlsform.losses import Loss
from amana.surveys.xlsform.outgoing import Outgoing
from amana.surveys.xlsform.rows import ARABIC, ENGLISH, Row, Rows

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SURVEY: Final = (
    "type", "name", f"label::{ARABIC}", f"label::{ENGLISH}", f"hint::{ARABIC}", f"hint::{ENGLISH}", "required",
    "relevant", "constraint", f"constraint_message::{ARABIC}", f"constraint_message::{ENGLISH}", "appearance",
    "parameters",
)  # fmt: skip
_CHOICES: Final = ("list_name", "name", f"label::{ARABIC}", f"label::{ENGLISH}")
_SETTINGS: Final = ("form_title", "title_in_english", "form_id", "version", "default_language")
_WIDE: Final = 44
_NARROW: Final = 18


@dataclass(frozen=True, slots=True)
class Written:
    """A workbook, and what of the survey is not in it."""

    content: bytes
    lost: tuple[Loss, ...]


def write(definition: Definition, *, form_id: str = "survey", version: str = "") -> Written:
    """Return a survey as a workbook. `form_id` and `version` are what other programs tell forms apart by."""
    out = Outgoing(definition)
    rows = Rows(definition, out)
    out.tell_survey(definition)
    book = Workbook(write_only=True)
    _fill(book, "survey", _SURVEY, rows.survey)
    _fill(book, "choices", _CHOICES, rows.choices)
    _fill(book, "settings", _SETTINGS, [_settings(definition, form_id, version)])
    made = BytesIO()
    book.save(made)
    return Written(made.getvalue(), out.losses.all())


def _settings(definition: Definition, form_id: str, version: str) -> Row:
    title = definition.title
    return {
        "form_title": title.ar or title.en,
        "title_in_english": title.en if title.ar else "",
        "form_id": form_id,
        "version": version,
        "default_language": ENGLISH if title.en and not title.ar else ARABIC,
    }


def _fill(book: Workbook, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = book.create_sheet(name)
    for number, column in enumerate(columns, 1):
        wide = "::" in column or column in ("relevant", "constraint")
        sheet.column_dimensions[get_column_letter(number)].width = _WIDE if wide else _NARROW
    sheet.freeze_panes = "C2"
    headings = [_cell(sheet, column) for column in columns]
    for heading in headings:
        heading.font = Font(bold=True)
    sheet.append(headings)
    for row in rows:
        sheet.append([_cell(sheet, row[column]) if row.get(column) else None for column in columns])


def _cell(sheet: Any, text: str) -> Cell:
    """Return a cell that holds a text as a text, whatever it begins with."""
    made = WriteOnlyCell(sheet, text)
    made.data_type = "s"
    made.quotePrefix = text.startswith("=")
    made.alignment = Alignment(wrap_text="\n" in text, vertical="top")
    return made
