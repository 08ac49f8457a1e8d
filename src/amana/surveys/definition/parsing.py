"""Read a definition from JSON, or say everything that is wrong with it."""

import json
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from amana.kernel.text import Bilingual
from amana.surveys.definition.document import FORMAT, Definition, Text
from amana.surveys.definition.problems import DefinitionInvalid, Problem

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# A choice's or a row's name may begin with a digit: forms from elsewhere number theirs.
CODE: Final = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
CODED: Final = frozenset({"Choice", "Row"})
MOST_BYTES: Final = 1_000_000
MOST_LETTERS: Final = 4_000
MOST_IN_A_LIST: Final = 500
MOST_QUESTIONS: Final = 300

# Text that shows otherwise than it reads could hide what a survey asks.
_HIDING = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\ufeff\ud800-\udfff]")
Part = TypeVar("Part")
_BAD: Any = object()
_MISSING = Bilingual(ar="هذا ناقص.", en="This is missing.")
_UNKNOWN = Bilingual(ar="حقل غير معروف.", en="This key is unknown.")
_NAMED = Bilingual(
    ar="الاسم حروف لاتينية صغيرة وأرقام و_، ويبدأ بحرف، ولا يزيد على 40.",
    en="A name is small Latin letters, digits and _, begins with a letter, and has 40 at most.",
)
_TWICE = Bilingual(ar="هذا الاسم مكرر.", en="This name is used twice.")
_HIDDEN = Bilingual(ar="في النص رموز خفية.", en="The text has hidden characters.")
_LONG = Bilingual(ar="أطول مما يُقبل.", en="Longer than is accepted.")
_NUMBER = Bilingual(ar="يلزم هنا عدد.", en="A number is needed here.")
_WHOLE = Bilingual(ar="يلزم هنا عدد صحيح.", en="A whole number is needed here.")
_TEXT = Bilingual(ar="يلزم هنا نص.", en="A text is needed here.")
_TRUTH = Bilingual(ar="يلزم هنا true أو false.", en="true or false is needed here.")
_LIST = Bilingual(ar="تلزم هنا قائمة.", en="A list is needed here.")
_RECORD = Bilingual(ar="يلزم هنا سجل من مفاتيح وقيم.", en="A record of keys and values is needed here.")
_JSON = Bilingual(ar="تعذّرت قراءة صيغة JSON.", en="This is not valid JSON.")
_FORMAT = Bilingual(ar=f"الصيغة المعروفة هي {FORMAT}.", en=f"The known format is {FORMAT}.")


def loads(raw: bytes | str) -> Definition:
    """Read a definition from the text of a JSON file. Raises DefinitionInvalid."""
    if len(raw) > MOST_BYTES:
        raise DefinitionInvalid([Problem("", _LONG)])
    try:
        # `NaN` and `Infinity` are no JSON, and would be written as such again.
        found = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DefinitionInvalid([Problem("", _JSON)]) from error
    return parse(found)


def parse(raw: object) -> Definition:
    """Read a definition from what JSON holds. Raises DefinitionInvalid with every fault."""
    reader = _Reader()
    entries = dict(raw) if isinstance(raw, Mapping) else raw
    if isinstance(entries, dict) and entries.pop("format", None) != FORMAT:
        reader.blame("format", _FORMAT)
    made = reader.value(Definition, entries, "")
    if made is not _BAD:
        reader.refuse_repeated(made)
    if reader.problems:
        raise DefinitionInvalid(reader.problems)
    found: Definition = made
    return found


def read(kind: type[Part], raw: object) -> Part:
    """Read one part of a definition, such as a question, from what JSON holds. Raises DefinitionInvalid."""
    reader = _Reader()
    made: Part = reader.value(kind, raw, "")
    if reader.problems:
        raise DefinitionInvalid(reader.problems)
    return made


def _refuse(constant: str) -> float:
    raise ValueError(constant)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Reads records by their fields; `problems` grows as faults are met."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def blame(self, path: str, message: Bilingual) -> Any:
        self.problems.append(Problem(path, message))
        return _BAD

    def value(self, kind: Any, raw: object, at: str) -> Any:
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return self._either(get_args(kind), raw, at)
        if origin is tuple:
            return self._list(get_args(kind)[0], raw, at)
        if origin is Literal:
            return self._option(get_args(kind), raw, at)
        if is_dataclass(kind):
            return self._record(typing.cast("type", kind), raw, at)
        return self._plain(kind, raw, at)

    def _either(self, kinds: tuple[Any, ...], raw: object, at: str) -> Any:
        if raw is None and types.NoneType in kinds:
            return None
        if isinstance(raw, bool) and bool in kinds:
            return raw
        rest = [kind for kind in kinds if kind not in (types.NoneType, bool)]
        made = self.value(rest[0], raw, at)
        return None if isinstance(made, Text) and not made else made

    def _record(self, kind: type, raw: object, at: str) -> Any:
        if not isinstance(raw, Mapping):
            return self.blame(at, _RECORD)
        wanted, hints, made = {one.name: one for one in fields(kind)}, _hints(kind), {}
        for name, one in wanted.items():
            place = f"{at}.{name}" if at else name
            # A key that is absent says the same as one that is null.
            if raw.get(name) is not None:
                made[name] = self.value(hints[name], raw[name], place)
            elif one.default is MISSING and one.default_factory is MISSING:
                made[name] = self.blame(place, _MISSING)
        for name in raw.keys() - wanted.keys():
            self.blame(f"{at}.{str(name)[:60]}" if at else str(name)[:60], _UNKNOWN)
        self._check_name(kind, made, at)
        return _BAD if any(value is _BAD for value in made.values()) else kind(**made)

    def _check_name(self, kind: type, made: dict[str, Any], at: str) -> None:
        name = made.get("name", _BAD)
        if name is not _BAD and not (CODE if kind.__name__ in CODED else NAME).fullmatch(name):
            self.blame(f"{at}.name", _NAMED)

    def _list(self, kind: Any, raw: object, at: str) -> Any:
        if isinstance(raw, str) or not isinstance(raw, Sequence):
            return self.blame(at, _LIST)
        if len(raw) > MOST_IN_A_LIST:
            return self.blame(at, _LONG)
        made = [self.value(kind, one, f"{at}.{number}") for number, one in enumerate(raw)]
        return _BAD if any(one is _BAD for one in made) else tuple(made)

    def _option(self, options: tuple[str, ...], raw: object, at: str) -> Any:
        if isinstance(raw, str) and raw in options:
            return raw
        listed = ", ".join(options)
        return self.blame(
            at, Bilingual(ar=f"المقبول واحد من: {listed}", en=f"One of these is needed: {listed}")
        )

    def _plain(self, kind: type, raw: object, at: str) -> Any:
        read, needed = _PLAIN[kind]
        try:
            made = read(raw)
        except (ValueError, OverflowError):
            return self.blame(at, needed)
        if isinstance(made, str) and len(made) > MOST_LETTERS:
            return self.blame(at, _LONG)
        if isinstance(made, str) and _HIDING.search(made):
            return self.blame(at, _HIDDEN)
        return made

    def refuse_repeated(self, made: Definition) -> None:
        """Blame names that stand twice, and a survey longer than anybody answers."""
        if sum(len(section.questions) for section in made.sections) > MOST_QUESTIONS:
            self.blame("sections", _LONG)
        seen: set[str] = set()
        for path, name in _names(made):
            if name in seen:
                self.blame(f"{path}.name", _TWICE)
            seen.add(name)


def _names(made: Definition) -> list[tuple[str, str]]:
    """Return every name that has to be its own, with its path; a choice's stand within their question."""
    found = [(f"quotas.{n}", f"quota {quota.name}") for n, quota in enumerate(made.quotas)]
    for n, section in enumerate(made.sections):
        found.append((f"sections.{n}", section.name))
        for m, question in enumerate(section.questions):
            at = f"sections.{n}.questions.{m}"
            found.append((at, question.name))
            found += [
                (f"{at}.choices.{i}", f"{question.name} choice {one.name}")
                for i, one in enumerate(question.choices)
            ]
            found += [
                (f"{at}.rows.{i}", f"{question.name} row {one.name}") for i, one in enumerate(question.rows)
            ]
    return found


def _string(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip()


def _truth(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError
    return raw


def _integer(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != int(raw) or abs(raw) > 10**9:
        raise ValueError
    return int(raw)


def _number(raw: object) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not abs(raw) <= 10**12:
        raise ValueError
    return int(raw) if raw == int(raw) else raw


_PLAIN: Final[Mapping[type, tuple[Callable[[object], Any], Bilingual]]] = {
    str: (_string, _TEXT),
    bool: (_truth, _TRUTH),
    int: (_integer, _WHOLE),
    float: (_number, _NUMBER),
}
