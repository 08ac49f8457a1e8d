"""Files that want to harm, or are simply broken, are refused with a reason people can read."""

import random
import struct
import time
import zlib
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from amana.kernel.refusal import Refusal
from amana.surveys.xlsform import package, reading
from amana.surveys.xlsform.refusals import FormRefused
from tests.surveys.xlsform.books import SURVEY, altered, book, parts, survey

GOOD = survey(*SURVEY)
SHEET = "xl/worksheets/sheet1.xml"
BOMB = b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
# A machine with other work on it reads each of these in well under a second.
PATIENCE_S = 5


def refusal(content: bytes) -> tuple[str, str]:
    """Return the code with which a file is refused, and what is said in English."""
    begun = time.process_time()
    with pytest.raises(FormRefused) as refused:
        reading.read(content)
    assert time.process_time() - begun < PATIENCE_S
    assert any("\u0620" <= letter <= "\u064a" for letter in refused.value.message_in("ar"))
    return refused.value.code, refused.value.message_in("en").partition(": ")[0]


def sheet(rows: str) -> bytes:
    """Return a workbook whose first sheet has the given XML as its rows."""
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    return altered(GOOD, {SHEET: xml.encode()})


def in_a_cell(value: object) -> bytes:
    """Return a workbook with a value where a label is needed."""
    return survey(SURVEY[0], ["text", "why", value])


def bzipped() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_BZIP2) as made:
        for name, part in parts(GOOD).items():
            made.writestr(name, part)
    return content.getvalue()


def doubled() -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as made:
        for name, part in parts(GOOD).items():
            made.writestr(name, part)
        with pytest.warns(UserWarning, match="Duplicate name"):
            made.writestr(SHEET, b"<x/>")
    return content.getvalue()


def lying() -> bytes:
    """Return a bomb that says it is small: a gigabyte of noughts under the size of a kilobyte."""
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(squeezed.compress(bytes(1 << 20)) for _ in range(1 << 10)) + squeezed.flush()
    name = b"xl/workbook.xml"
    sizes = struct.pack("<LLL", 0, len(packed), 1024)
    local = (
        b"PK\3\4"
        + struct.pack("<5H", 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<HH", len(name), 0)
        + name
        + packed
    )
    central = (
        b"PK\1\2"
        + struct.pack("<6H", 20, 20, 0, 8, 0, 33)
        + sizes
        + struct.pack("<5H2L", len(name), 0, 0, 0, 0, 0, 0)
        + name
    )
    return local + central + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0)


def far_cell() -> bytes:
    return sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>type</t></is></c></row>'
                 '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')  # fmt: skip


def rows_without_end() -> bytes:
    return sheet('<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>')


def unknown_text() -> bytes:
    return sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')


def faulty_cell() -> bytes:
    heading = '<c r="{}1" t="inlineStr"><is><t>{}</t></is></c>'
    first = heading.format("A", "type") + heading.format("B", "name")
    return sheet(f'<row r="1">{first}</row><row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>')


def spoken(encoding: str) -> bytes:
    """Return a bomb of entities in letters that look like none."""
    return f"<?xml version='1.0' encoding='{encoding}'?>".encode() + BOMB.decode().encode(encoding)


UNREADABLE = "This file cannot be read. An Excel file (.xlsx), or a JSON file exported here, is needed."
LARGE = "The file, or what is packed in it, is larger than is accepted for one survey."
MACROS = "This file carries macros and was not read. Please save it as .xlsx, which has none."
OLD = "This is an old Excel file or one with a password. Please save it as .xlsx without a password."
BROKEN = {
    "nothing": b"",
    "another format": b"%PDF-1.7",
    "no archive": b"PK\3\4" + bytes(100),
    "cut off": GOOD[:-40],
    "a bomb that says it is small": lying(),
    "packed otherwise": bzipped(),
    "a part twice": doubled(),
    "entities": altered(GOOD, {SHEET: BOMB + parts(GOOD)[SHEET]}),
    "entities in UTF-16": altered(GOOD, {SHEET: spoken("utf-16")}),
    "entities in EBCDIC": altered(GOOD, {SHEET: spoken("cp037")}),
    "nested and not closed": altered(GOOD, {SHEET: b"<a>" * 500_000}),
    "a text that is nowhere": unknown_text(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    assert refusal(content) == ("form_file_unreadable", UNREADABLE)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "form_file_old", OLD),
        (bytes(3_000_001), "form_file_large", LARGE),
        (altered(GOOD, {"xl/media/zeros.bin": bytes(8_000_001)}), "form_file_large", LARGE),
        (altered(GOOD, {f"xl/{n}.xml": b"<x/>" for n in range(300)}), "form_file_large", LARGE),
        (altered(GOOD, {"xl/styles.xml": b" " * 1_000_001}), "form_file_large", "xl/styles.xml"),
        (altered(GOOD, {"xl/vbaProject.bin": b"x"}), "form_file_macros", MACROS),
        (altered(GOOD, {SHEET: b"<a>" * 300_000 + b"</a>" * 300_000}), "form_file_sheet", "survey"),
        (altered(GOOD, {"xl/workbook.xml": b"<workbook/>"}), "form_file_sheet", "survey"),
        (far_cell(), "form_file_large", "survey!1048576"),
        (rows_without_end(), "form_file_large", "survey"),
        (in_a_cell("=1+1"), "form_file_formula", "survey!C2"),
        (in_a_cell('=HYPERLINK("http://example.com", "x")'), "form_file_formula", "survey!C2"),
        (in_a_cell("x" * 4_001), "form_file_cell_long", "survey!C2"),
        (in_a_cell("x" * 1_000_000), "form_file_cell_long", "survey!C2"),
        (faulty_cell(), "form_file_cell", "survey!A2"),
        (book({"Sheet1": [["type"]]}), "form_file_sheet", "survey"),
        (book({"survey": [["question", "text"]]}), "form_file_sheet", "survey"),
        (book({"survey": SURVEY, "choices": [["name"], ["a"]]}), "form_file_sheet", "choices"),
        (survey(SURVEY[0], ["begin group", "a"]), "form_file_groups", "survey!2"),
        (survey(SURVEY[0], ["end group", "a"]), "form_file_groups", "survey!2"),
        (survey(SURVEY[0], ["begin group", "a"], ["end repeat", "a"]), "form_file_groups", "survey!3"),
        (survey(SURVEY[0], *[["begin group", "a"]] * 40), "form_file_large", "survey!32"),
        (survey(SURVEY[0], *[["text", f"a{n}"] for n in range(301)]), "form_file_large", "survey"),
        (survey(SURVEY[0], *[["", ""]] * 3_000, ["text", "a"]), "form_file_large", "survey!3002"),
        (survey([*SURVEY[0], *range(300)]), "form_file_large", "survey!1"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("form_") else "",
)
def test_a_hostile_or_broken_file_is_refused_clearly(content: bytes, code: str, said: str) -> None:
    assert refusal(content) == (code, said)


def test_a_date_where_a_text_is_needed_is_refused_and_elsewhere_only_listed() -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = "survey"
    for row in [[*SURVEY[0], "seen"], ["text", "why", "Why?"]]:
        page.append(row)
    page["D2"].number_format = "yyyy-mm-dd"
    page["D2"] = 45_000
    content = BytesIO()
    made.save(content)
    assert [loss.place for loss in reading.read(content.getvalue()).lost] == ["survey!D2"]
    page["C2"].number_format = "yyyy-mm-dd"
    page["C2"] = 45_000
    made.save(content)
    assert refusal(content.getvalue()) == ("form_file_cell", "survey!C2")


def test_a_formula_nobody_reads_stops_nothing() -> None:
    content = survey(*SURVEY, settings=[["form_title", "version"], ["Visit", '=TEXT(NOW(), "yyyymmdd")']])
    assert reading.read(content).lost == ()


def test_what_is_wrong_in_any_byte_is_refused_and_never_a_fault() -> None:
    dice = random.Random(7)
    files = parts(
        survey(*SURVEY, ["select_one l", "q", "Q"], choices=[["list_name", "name", "label"], ["l", "a", "A"]])
    )
    for _ in range(150):
        name = dice.choice(sorted(files))
        broken = bytearray(files[name])
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(broken))
            broken[at : at + dice.randint(0, 6)] = dice.choice(
                [b"", b"<", b'"', b"9", b"-1", b"\xff", b"/>", b"ZZ", b"r:id"]
            )
        _read_or_refuse(altered(GOOD, {**files, name: bytes(broken)}))
    for _ in range(150):
        whole = bytearray(GOOD)
        whole[dice.randrange(len(whole))] = dice.randrange(256)
        _read_or_refuse(bytes(whole))


def _read_or_refuse(content: bytes) -> None:
    with suppress(Refusal):
        reading.read(content)


def test_a_script_in_a_text_stays_a_text() -> None:
    said = "<script>alert(1)</script> & javascript:alert(1)"
    label = reading.read(in_a_cell(said)).definition["sections"][0]["questions"][0]["label"]
    assert label == {"ar": "", "en": said}


def test_only_checked_parts_reach_the_reader_of_workbooks() -> None:
    content = altered(
        GOOD, {"xl/media/a.png": b"<!DOCTYPE", "docProps/app.xml": b"<!DOCTYPE", "xl/printer.bin": b"x"}
    )
    with ZipFile(package.clean(content)) as clean:
        assert sorted(clean.namelist()) == sorted(
            name for name in parts(GOOD) if not name.startswith("docProps/")
        )
