"""Results as files: CSV, Excel and Parquet, of the same rounded counts as the page."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import duckdb
from django.utils.translation import gettext as _

from amana.kernel import sheets
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


def as_csv(found: Sequence[Row]) -> str:
    """Return the rows as CSV; too few is an empty cell."""
    return sheets.as_csv([_heads(), *found])


def as_xlsx(found: Sequence[Row], language: Language) -> bytes:
    """Return the rows as a workbook."""
    return sheets.as_xlsx([_heads(), *found], name=_("Results"), language=language, widths={"D": 48, "E": 32})


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


def _heads() -> list[str]:
    return [_("From"), _("To"), _("Name"), _("Question"), _("Answer"), _("Answers"), _("Share")]
