"""Read the brand file: what is missing, misspelt or malformed is named with its file, line and field."""

import re
import zoneinfo
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from amana.kernel import clock
from amana.kernel.text import Bilingual
from amana.retailer.refusals import BrandFileWrong

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_ACCENT = re.compile(r"#[0-9a-f]{6}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class _At:
    """A node of the file and the way to it."""

    file: str
    path: str
    line: int
    node: Node

    def wrong(self, ar: str, en: str) -> BrandFileWrong:
        return BrandFileWrong(f"{self.file}:{self.line}: {self.path or '-'}", Bilingual(ar=ar, en=en))

    def fields(self, needed: str, allowed: str = "") -> dict[str, "_At"]:
        """Return the fields of a mapping; refuse a missing, repeated or unknown one."""
        if not isinstance(self.node, MappingNode):
            raise self.wrong("المتوقع هنا حقول بأسمائها.", "Named fields are expected here.")
        found: dict[str, _At] = {}
        for key, node in self.node.value:
            at = _At(self.file, f"{self.path}.{key.value}".lstrip("."), _line(key), node)
            if key.value not in [*needed.split(), *allowed.split()] or key.value in found:
                raise at.wrong("حقل غير معروف أو مكرر.", "This field is unknown or repeated.")
            found[key.value] = at
        for name in needed.split():
            if name not in found:
                raise self.wrong(f"الحقل «{name}» ناقص.", f"The field “{name}” is missing.")
        return found

    def items(self) -> list["_At"]:
        """Return the items of a list that has at least one."""
        if not isinstance(self.node, SequenceNode) or not self.node.value:
            raise self.wrong(
                "المتوقع هنا قائمة غير فارغة.", "A list with at least one item is expected here."
            )
        return [
            _At(self.file, f"{self.path}[{n}]", _line(node), node) for n, node in enumerate(self.node.value)
        ]

    def text(self, shape: re.Pattern[str] | None = None) -> str:
        """Return a text that is not blank and has the given shape."""
        value = self.node.value.strip() if isinstance(self.node, ScalarNode) else ""
        if not value or (shape and not shape.fullmatch(value)):
            raise self.wrong(
                "القيمة فارغة أو ليست بالصيغة المطلوبة.", "The value is blank or not well formed."
            )
        return str(value)

    def name(self) -> dict[str, str]:
        """Return a name in both languages."""
        both = self.fields("ar en")
        return {language: both[language].text() for language in ("ar", "en")}


def read(path: Path) -> dict[str, Any]:
    """Return the brand file, checked, with each shop's time zone and each country's jurisdiction filled in.

    A country's jurisdiction is its code, and a shop's time zone its country's only one, unless stated.
    Raises BrandFileWrong.
    """
    top = _root(path).fields("brand countries")
    brand = top["brand"].fields("slug name accent service_address")
    slugs: set[str] = set()
    return {
        "brand": {
            "slug": brand["slug"].text(_SLUG),
            "name": brand["name"].name(),
            "accent": brand["accent"].text(_ACCENT),
            "service_address": brand["service_address"].text(_EMAIL),
        },
        "countries": [_country(item, slugs) for item in top["countries"].items()],
    }


def _root(path: Path) -> _At:
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path.name}:{mark.line + 1}" if mark else path.name
        what = Bilingual(ar="تعذّرت قراءة الملف بصيغة YAML.", en="The file cannot be read as YAML.")
        raise BrandFileWrong(where, what) from error
    if node is None:
        raise BrandFileWrong(path.name, Bilingual(ar="الملف فارغ.", en="The file is empty."))
    return _At(path.name, "", 1, node)


def _line(node: Node) -> int:
    return node.start_mark.line + 1


def _country(at: _At, slugs: set[str]) -> dict[str, Any]:
    fields = at.fields("code name regions", "jurisdiction timezone")
    code = fields["code"].text(_COUNTRY)
    default = _timezone(fields["timezone"]) if "timezone" in fields else _only_zone(code)
    return {
        "code": code,
        "name": fields["name"].name(),
        "jurisdiction": fields["jurisdiction"].text() if "jurisdiction" in fields else code,
        "regions": [_region(item, default, slugs) for item in fields["regions"].items()],
    }


def _region(at: _At, default: str | None, slugs: set[str]) -> dict[str, Any]:
    fields = at.fields("name shops")
    return {
        "name": fields["name"].name(),
        "shops": [_shop(item, default, slugs) for item in fields["shops"].items()],
    }


def _shop(at: _At, default: str | None, slugs: set[str]) -> dict[str, Any]:
    fields = at.fields("slug name", "timezone")
    slug = fields["slug"].text(_SLUG)
    if slug in slugs:
        raise fields["slug"].wrong("هذا المعرّف مستعمل لمتجر آخر.", "Another shop has this slug.")
    slugs.add(slug)
    timezone = _timezone(fields["timezone"]) if "timezone" in fields else default
    if timezone is None:
        raise at.wrong(
            "لهذه الدولة أكثر من توقيت، فيلزم ذكر timezone.",
            "This country has several time zones, so timezone has to be stated.",
        )
    return {"slug": slug, "name": fields["name"].name(), "timezone": timezone}


def _timezone(at: _At) -> str:
    name = at.text()
    if name not in zoneinfo.available_timezones():
        raise at.wrong("لا يوجد توقيت بهذا الاسم.", "There is no time zone of this name.")
    return name


def _only_zone(code: str) -> str | None:
    try:
        return clock.zone(code).key
    except LookupError:
        return None
