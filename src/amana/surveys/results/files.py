"""Results as files: CSV, Excel and Parquet, of the same rounded counts as the page."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import duckdb
from django.utils.translation import gettext as _
from openpyxl import Workbook

from amana.kernel.text import Language
from amana.surveys.reading.asked import Asked
from amana.surveys.results.panels import Panel

Row: TypeAlias = tuple[str, str, str, str, str, int | None, float | None]
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
COLUMNS: Final = ("first_day", "last_day", "question", "label", "answer", "answers", "share")


def rows(panels: Sequence[Panel], asked: Asked) -> Iterator[Row]:
    """Return a row for each answer to each question, and one (without an answer) for whoever answered it."""
    first, last = asked.first.isoformat(), asked.last.isoformat()
    for panel in panels:
        yield first, last, panel.name, panel.label, "", panel.answered, None
        for line in panel.lines:
            share = None if line.share is None else round(line.share, 3)
            yield first, last, panel.name, panel.label, line.name, line.answers, share
        if panel.matrix:
            for label, cells in panel.matrix.rows:
                for head, (count, _heat) in zip(panel.matrix.heads, cells, strict=True):
                    yield first, last, panel.name, f"{panel.label} · {label}", head, count, None


def as_csv(found: Sequence[Row]) -> bytes:
    """Return CSV (RFC 4180) that spreadsheets read as UTF-8; too few is an empty cell."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_heads())
    writer.writerows([harmless(cell) for cell in row] for row in found)
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(found: Sequence[Row], language: Language) -> bytes:
    """Return a workbook (ISO/IEC 29500), read from right to left in Arabic."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _("Results")[:31]
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.append(_heads())
    for row in found:
        sheet.append([harmless(cell) for cell in row])
    for column, width in (("D", 48), ("E", 32)):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_parquet(found: Sequence[Row]) -> bytes:
    """Return a Parquet file with typed columns; too few is null."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as made:
        place = Path(folder) / "results.parquet"
        made.execute(
            "CREATE TABLE results (first_day DATE, last_day DATE, question VARCHAR, label VARCHAR, answer VARCHAR,"
            " answers INTEGER, share DOUBLE)"
        )
        if found:
            made.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", found)
        made.execute(f"COPY results TO '{place}' (FORMAT parquet)")
        return place.read_bytes()


def harmless(cell: str | float | None) -> str | float | None:
    """Return what a spreadsheet will not run: whoever writes a survey chooses its labels."""
    if not isinstance(cell, str):
        return cell
    begins = cell[:1] + cell.lstrip()[:1]
    return f"'{cell}" if any(one in "=+-@＝＋－＠\t\r\n" for one in begins) else cell


def _heads() -> list[str]:
    return [_("From"), _("To"), _("Name"), _("Question"), _("Answer"), _("Answers"), _("Share")]
