"""Files that spreadsheets open: texts stay texts, and Arabic stays Arabic."""

import csv
import io

import openpyxl
import pytest

from amana.kernel import sheets
from amana.kernel.sheets import Cell


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@x", "\t=1", " =1", "＝1", "\n=1"])
def test_a_text_is_no_formula(text: str) -> None:
    assert sheets.harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["", "a=1", "شارع -", -2, 1.5, None])
def test_anything_else_stays_what_it_is(cell: Cell) -> None:
    assert sheets.harmless(cell) == cell


def test_a_file_says_that_it_is_unicode_and_leaves_nothing_empty_but_nothing() -> None:
    written = sheets.as_csv([["اسم", "=1"], [None, 0]])
    assert written[0] == sheets.BYTE_ORDER_MARK
    assert list(csv.reader(io.StringIO(written[1:]))) == [["اسم", "'=1"], ["", "0"]]


@pytest.mark.parametrize(("language", "turned"), [("ar", True), ("en", False)])
def test_a_workbook_reads_in_its_languages_direction(language: str, turned: bool) -> None:
    made = sheets.as_xlsx(
        [["a"], ["=1"]], name="n" * 40, language="ar" if language == "ar" else "en", widths={"A": 9}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(made)).active
    assert sheet is not None
    assert (sheet.sheet_view.rightToLeft, sheet.title, sheet["A2"].value, sheet.freeze_panes) == (
        turned, "n" * 31, "'=1", "A2",
    )  # fmt: skip
