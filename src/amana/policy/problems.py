"""What is wrong with a policy file, said so that its author can mend it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

INVALID = register(
    "policy_invalid",
    Bilingual(
        ar="في ملف السياسة أخطاء، ولم يتغيّر شيء مما هو سارٍ.",
        en="The policy file has faults; nothing in force has changed.",
    ),
    422,
)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault: which file, which line (from 1), which field, and what to do about it."""

    file: str
    line: int
    field: str
    ar: str
    en: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}\n    {self.ar}\n    {self.en}"


class PolicyInvalid(Refusal):
    """The file cannot be a policy; `problems` are all its faults, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.field)))
        told = Refusal.of(INVALID)
        super().__init__(told.code, told.message, told.status)

    def __reduce__(self) -> tuple[type["PolicyInvalid"], tuple[tuple[Problem, ...]]]:  # type: ignore[override]
        return type(self), (self.problems,)


class Blame(Protocol):
    """Where faults are noted."""

    def __call__(self, field: str, *, ar: str, en: str) -> object: ...


def blame_unmatched(
    pattern: re.Pattern[str], blame: Blame, values: Iterable[tuple[str, str]], ar: str, en: str
) -> None:
    """Note each field whose value is not written as the pattern asks."""
    for field, value in values:
        if not pattern.fullmatch(value):
            blame(field, ar=ar, en=en)


def blame_unknown(blame: Blame, at: str, names: Iterable[str], declared: Iterable[str]) -> None:
    """Note each name of a list that the file does not declare."""
    for name in names:
        if name not in declared:
            blame(
                f"{at}.{name}",
                ar=f"«{name}» غير معلن في هذا الملف.",
                en=f"“{name}” is not declared in this file.",
            )
