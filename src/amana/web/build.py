"""Make what is served but not kept in the repository: fonts cut down to the letters people read here.

Run as `python -m amana.web.build`; what is already there and not older than its source stays.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools import subset

FONTS = Path(__file__).resolve().parent / "static" / "web" / "fonts"
PACKAGE = "fontpkg_ibm_plex_sans_arabic"
WEIGHTS = {400: "IBMPlexSansArabic-Regular.ttf", 600: "IBMPlexSansArabic-SemiBold.ttf"}
# Latin with accents, Arabic with both sets of digits, and the signs that stand between them.
LETTERS = (
    "U+0020-007E", "U+00A0-00FF", "U+0131", "U+0152-0153", "U+060C", "U+061B-061C", "U+061F", "U+0621-063A",
    "U+0640-0652", "U+0654-0655", "U+0660-066C", "U+0670-0671", "U+067E", "U+0686", "U+0698", "U+06A4", "U+06A9",
    "U+06AF", "U+06CC", "U+06F0-06F9", "U+200B-200F", "U+2010-2015", "U+2018-201E", "U+2022", "U+2026",
    "U+2030", "U+2039-203A", "U+20AC", "U+2122", "U+2190-2193", "U+2212", "U+2066-2069", "U+25CC", "U+FDFC",
)  # fmt: skip
FEATURES = [
    "kern", "mark", "mkmk", "ccmp", "locl", "init", "medi", "fina", "isol", "rlig", "liga", "calt", "tnum",
]  # fmt: skip


def main() -> int:
    """Write each weight as WOFF2 into the static files of this room."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight, name in WEIGHTS.items():
        source, target = Path(found.origin).parent / "files" / name, FONTS / f"plex-arabic-{weight}.woff2"
        if not target.exists() or target.stat().st_mtime < max(_age(source), _age(Path(__file__))):
            cut(source, target)
    return 0


def cut(source: Path, target: Path) -> None:
    """Keep LETTERS of a font, with what joins and places them, as WOFF2."""
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False, desubroutinize=True)
    options.drop_tables += ["meta"]
    options.name_IDs = [0, 1, 2, 13, 14]  # names, copyright and licence stay with the font
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(",".join(LETTERS)))
    cutter.subset(font)
    half = target.with_suffix(".part")
    subset.save_font(font, str(half), options)
    half.replace(target)


def _age(path: Path) -> float:
    return path.stat().st_mtime


if __name__ == "__main__":
    sys.exit(main())
