"""Mistakes in the brand file are named with their place."""

from pathlib import Path

import pytest

from amana.retailer import brandfile
from amana.retailer.refusals import BrandFileWrong
from tests.retailer.conftest import BRAND

EXAMPLE = Path(__file__).parents[2] / "examples" / "redtag" / "brand.yaml"


def wrong(tmp_path: Path, text: str) -> str:
    """Return the English message a file is refused with."""
    path = tmp_path / "brand.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BrandFileWrong) as refused:
        brandfile.read(path)
    return refused.value.message_in("en")


def test_the_first_retailers_file_is_right() -> None:
    read = brandfile.read(EXAMPLE)
    assert [country["jurisdiction"] for country in read["countries"]] == ["AE", "SA"]
    zones = {s["timezone"] for c in read["countries"] for r in c["regions"] for s in r["shops"]}
    assert zones == {"Asia/Dubai", "Asia/Riyadh"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("slug: store", "slug: Store", "brand.yaml:4: brand.slug: The value is blank or not well formed."),
        ("slug: store", "sluk: store", "brand.yaml:4: brand.sluk: This field is unknown or repeated."),
        ('  accent: "#b3131b"\n', "", "brand.yaml:2: brand: The field “accent” is missing."),
        ('en: "Deira"', 'en: ""', "brand.yaml:13: countries[0].regions[0].shops[0].name.en:"
         " The value is blank or not well formed."),
        ("slug: barsha", "slug: deira", "brand.yaml:14: countries[0].regions[0].shops[1].slug:"
         " Another shop has this slug."),
        ("code: AE", "code: AE\n    timezone: Asia/Dubay", "brand.yaml:9: countries[0].timezone:"
         " There is no time zone of this name."),
        ("code: AE", "code: AU", "brand.yaml:13: countries[0].regions[0].shops[0]:"
         " This country has several time zones, so timezone has to be stated."),
        ("countries:", "countries: []\nother:", "brand.yaml:8: other: This field is unknown or repeated."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_field(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert wrong(tmp_path, BRAND.replace(old, new)) == message


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert wrong(tmp_path, "brand: [") == "brand.yaml:1: The file cannot be read as YAML."
    assert wrong(tmp_path, "") == "brand.yaml: The file is empty."


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrandFileWrong):
        brandfile.read(tmp_path / "none.yaml")


def test_stated_time_zones_and_jurisdictions_win(tmp_path: Path) -> None:
    path = tmp_path / "brand.yaml"
    path.write_text(
        BRAND.replace("code: AE", "code: AU\n    jurisdiction: AE\n    timezone: Australia/Perth")
    )
    country = brandfile.read(path)["countries"][0]
    assert country["jurisdiction"] == "AE"
    assert [shop["timezone"] for shop in country["regions"][0]["shops"]] == ["Australia/Perth"] * 2
