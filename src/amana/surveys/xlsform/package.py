"""Unpack a workbook that anybody may have made, and leave nothing in it that could harm who reads on."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from amana.surveys.xlsform.refusals import LARGE, MACROS, OLD, UNREADABLE, refused

MOST_BYTES: Final = 3_000_000
MOST_UNPACKED: Final = 8_000_000
MOST_PARTS: Final = 300
# Styles are read only to tell a date from a number.
MOST_STYLES: Final = 1_000_000
_STYLES: Final = "xl/styles.xml"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1
# Entities can grow without bound; no workbook has a document type.
_DOCTYPE: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)|\x00")
_DECLARED: Final = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def clean(content: bytes) -> BytesIO:
    """Return a workbook with nothing but its checked XML parts. Raises FormRefused."""
    if len(content) > MOST_BYTES:
        raise refused(LARGE)
    if content.startswith(_COMPOUND):
        raise refused(OLD)
    made = BytesIO()
    try:
        with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_STORED) as target:
            for part, text in _parts(source):
                target.writestr(part.filename, text)
    # Encrypted parts and unknown ways of packing come as these two as well.
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise refused(UNREADABLE) from error
    return made


def _parts(source: ZipFile) -> Iterator[tuple[ZipInfo, bytes]]:
    parts = source.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refused(LARGE)
    if any("vba" in part.filename.lower() or "macro" in part.filename.lower() for part in parts):
        raise refused(MACROS)
    if len({part.filename for part in parts}) < len(parts):
        raise refused(UNREADABLE)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and not part.filename.startswith("docProps/"):
            yield part, _read(source, part)


def _read(source: ZipFile, part: ZipInfo) -> bytes:
    if part.flag_bits & _ENCRYPTED or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise refused(UNREADABLE)
    if part.filename == _STYLES and part.file_size > MOST_STYLES:
        raise refused(LARGE, _STYLES)
    with source.open(part) as packed:
        # Asked for everything, unpacking would fill the memory before it compares sizes.
        text = packed.read(part.file_size + 1)
    declared = _DECLARED.match(text.removeprefix(b"\xef\xbb\xbf"))
    if _DOCTYPE.search(text) or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise refused(UNREADABLE)
    if part.filename == "[Content_Types].xml" and b"macroEnabled" in text:
        raise refused(MACROS)
    return text
