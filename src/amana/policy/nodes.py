"""Read YAML into frozen records by their fields, keeping every line and collecting every fault."""

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from amana.kernel.text import Bilingual
from amana.policy import document
from amana.policy.durations import Duration
from amana.policy.problems import PolicyInvalid, Problem

# A name that is written twice, or text that shows otherwise than it reads, could hide what a policy does.
_HIDING = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]")
_ARABIC = re.compile("[\u0621-\u064a]")
_NO_ANCHORS = Bilingual(
    ar="لا تُقبل المراسي والإحالات (& و*).", en="Anchors and aliases (& and *) are not allowed."
)
_BAD: Any = object()


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class Reader:
    """Reads one file. `lines` maps a dotted field to its line; `problems` grows as faults are met."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[str, int] = {}
        self.problems: list[Problem] = []

    def blame(self, field: str, *, ar: str, en: str, line: int | None = None) -> Any:
        """Note a fault of a field, at the line of the nearest thing that was written."""
        near = field
        while near and near not in self.lines:
            near = near.rpartition(".")[0]
        at = line or self.lines.get(near, 1)
        self.problems.append(Problem(self.file, at, field or "—", ar, en))
        return _BAD

    def read(self, text: str) -> document.Policy:
        """Read a whole policy. Raises PolicyInvalid when anything could not be read."""
        root = self._compose(text)
        made = self._record(document.Policy, root, "") if root is not None else None
        if self.problems or not isinstance(made, document.Policy):
            raise PolicyInvalid(self.problems)
        return made

    def _compose(self, text: str) -> Node | None:
        try:
            for event in yaml.parse(text, Loader=yaml.SafeLoader):
                if getattr(event, "anchor", None):
                    line = event.start_mark.line + 1 if event.start_mark else 1
                    self.blame("", ar=_NO_ANCHORS.ar, en=_NO_ANCHORS.en, line=line)
                    return None
            root: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            return self._unreadable(error.problem or "", mark.line + 1 if mark else 1)
        except yaml.YAMLError as error:
            return self._unreadable(str(error), 1)
        if root is None:
            self.blame("", ar="الملف فارغ.", en="The file is empty.")
        return root

    def _unreadable(self, said: str, line: int) -> Node | None:
        self.blame("", ar=f"تعذّرت قراءة صيغة YAML: {said}", en=f"This is not valid YAML: {said}", line=line)
        return None

    def _value(self, kind: Any, node: Node, at: str) -> Any:
        self.lines.setdefault(at, node.start_mark.line + 1)
        origin = get_origin(kind)
        if origin in (Union, UnionType) and NoneType in get_args(kind):
            return self._value(next(option for option in get_args(kind) if option is not NoneType), node, at)
        if kind is Any:
            return self._plain(node, at)
        if origin is tuple:
            return self._list(get_args(kind)[0], node, at)
        if origin in (Mapping, dict):
            return self._map(get_args(kind)[1], node, at)
        if is_dataclass(kind) and isinstance(kind, type) and kind is not Duration:
            return self._text(node, at) if kind is Bilingual else self._record(kind, node, at)
        return self._scalar(kind, node, at)

    def _entries(self, node: Node, at: str) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            self.blame(
                at, ar="يلزم هنا سجلٌّ من مفاتيح وقيم.", en="A mapping of keys and values is needed here."
            )
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else "?"
            place = f"{at}.{name}" if at else name
            line = key.start_mark.line + 1
            if name in found:
                self.blame(place, ar="المفتاح مكتوب مرتين.", en="This key is written twice.", line=line)
                continue
            self.lines[place] = line
            found[name] = value
        return found

    def _record(self, kind: type, node: Node, at: str) -> Any:
        entries = self._entries(node, at)
        if not isinstance(node, MappingNode):
            return _BAD
        made: dict[str, Any] = {}
        hints = _hints(kind)
        wanted = {field.name: field for field in fields(kind)}
        for name, field in wanted.items():
            place = f"{at}.{name}" if at else name
            if name in entries:
                made[name] = self._value(hints[name], entries[name], place)
            elif field.default is MISSING and field.default_factory is MISSING:
                made[name] = self.blame(place, ar="هذا الحقل ناقص.", en="This field is missing.")
        for name in entries.keys() - wanted.keys():
            self.blame(f"{at}.{name}" if at else name, ar="حقل غير معروف.", en="This field is unknown.")
        return _BAD if any(value is _BAD for value in made.values()) else kind(**made)

    def _map(self, kind: Any, node: Node, at: str) -> Any:
        made = {
            name: self._value(kind, value, f"{at}.{name}") for name, value in self._entries(node, at).items()
        }
        if any(value is _BAD for value in made.values()) or not isinstance(node, MappingNode):
            return _BAD
        return MappingProxyType(made)

    def _list(self, kind: Any, node: Node, at: str) -> Any:
        if not isinstance(node, SequenceNode):
            return self.blame(at, ar="يلزم هنا قائمة.", en="A list is needed here.")
        made = []
        for number, child in enumerate(node.value):
            key = child.value if isinstance(child, ScalarNode) else str(number)
            made.append(self._value(kind, child, f"{at}.{key}"))
        repeated = {str(item) for item in made if item is not _BAD and made.count(item) > 1}
        for item in sorted(repeated):
            self.blame(f"{at}.{item}", ar="مكرر في القائمة.", en="This stands in the list twice.")
        return _BAD if any(item is _BAD for item in made) else tuple(made)

    def _text(self, node: Node, at: str) -> Any:
        entries = self._entries(node, at)
        if not isinstance(node, MappingNode):
            return _BAD
        for name in entries.keys() - {"ar", "en"}:
            self.blame(f"{at}.{name}", ar="لغة غير معروفة.", en="This language is unknown.")
        arabic = self._translation(entries.get("ar"), f"{at}.ar", arabic=True)
        english = self._translation(entries.get("en"), f"{at}.en", arabic=False)
        return _BAD if arabic is _BAD or english is _BAD else Bilingual(ar=arabic, en=english)

    def _translation(self, node: Node | None, at: str, *, arabic: bool) -> Any:
        if node is None:
            language = ("العربي", "Arabic") if arabic else ("الإنجليزي", "English")
            return self.blame(at, ar=f"النص {language[0]} ناقص.", en=f"The {language[1]} text is missing.")
        text = self._scalar(str, node, at)
        if text is _BAD:
            return _BAD
        if arabic and not _ARABIC.search(text):
            return self.blame(at, ar="هذا النص ليس بالعربية.", en="This text is not in Arabic.")
        if not arabic and _ARABIC.search(text):
            return self.blame(
                at, ar="في النص الإنجليزي حروف عربية.", en="The English text has Arabic letters."
            )
        return text

    def _scalar(self, kind: Any, node: Node, at: str) -> Any:
        if not isinstance(node, ScalarNode):
            return self.blame(at, ar="تلزم هنا قيمة واحدة.", en="A single value is needed here.")
        if _HIDING.search(node.value):
            return self.blame(at, ar="في النص رموز خفية.", en="The text has hidden characters.")
        if get_origin(kind) is Literal:
            return self._choice(get_args(kind), node, at)
        try:
            return _SCALARS[kind](node)
        except ValueError:
            ar, en = _NEEDS[kind]
            return self.blame(at, ar=f"يلزم هنا {ar}.", en=f"{en} is needed here.")

    def _choice(self, options: tuple[str, ...], node: ScalarNode, at: str) -> Any:
        if node.value in options:
            return node.value
        listed = ", ".join(options)
        return self.blame(
            at, ar=f"القيمة المقبولة واحدة من: {listed}", en=f"One of these is needed: {listed}"
        )

    def _plain(self, node: Node, at: str) -> Any:
        if isinstance(node, MappingNode):
            return self._map(Any, node, at)
        if isinstance(node, SequenceNode):
            return self._list(Any, node, at)
        tag = node.tag.rpartition(":")[2]
        return self._scalar({"bool": bool, "int": int}.get(tag, str), node, at)


def _string(node: ScalarNode) -> str:
    # Whatever YAML 1.1 would make of it: `NO` is a country here and never False.
    if not node.value.strip() or (node.tag.endswith(":null") and node.style is None):
        raise ValueError("empty")
    return str(node.value).strip()


def _boolean(node: ScalarNode) -> bool:
    if node.style is not None or node.value not in ("true", "false"):
        raise ValueError("not a boolean")
    return bool(node.value == "true")


def _integer(node: ScalarNode) -> int:
    if node.style is not None or not re.fullmatch(r"0|[1-9][0-9]{0,8}", node.value):
        raise ValueError("not a whole number")
    return int(node.value)


_SCALARS: dict[Any, Any] = {
    str: _string,
    bool: _boolean,
    int: _integer,
    date: lambda node: date.fromisoformat(node.value),
    Duration: lambda node: Duration.parse(node.value),
}
_NEEDS: dict[Any, tuple[str, str]] = {
    str: ("نص", "A text"),
    bool: ("true أو false", "true or false"),
    int: ("عدد صحيح", "A whole number"),
    date: ("تاريخ مثل 2026-11-22", "A date such as 2026-11-22"),
    Duration: ("مدة مثل P2Y أو P30D", "A duration such as P2Y or P30D"),
}
