"""Workbooks for tests."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]
SURVEY = [["type", "name", "label"], ["text", "why", "Why?"]]


def book(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook with the given rows in its sheets."""
    made = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = BytesIO()
    made.save(content)
    return content.getvalue()


def survey(*rows: Sequence[object], choices: Rows = (), settings: Rows = ()) -> bytes:
    """Return a workbook whose first row of questions names the columns."""
    return book({"survey": rows, "choices": choices, "settings": settings})


def parts(content: bytes) -> dict[str, bytes]:
    """Return what is packed in a workbook."""
    with ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook of the given parts."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


def altered(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """Return a workbook with some parts replaced or added."""
    return packed({**parts(content), **changed})
