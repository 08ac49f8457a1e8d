"""What is wrong with a definition, said in both languages so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

# `wrong` stops at once; `missing` may wait until the survey is published; `advice` never stops anything.
Grade: TypeAlias = Literal["wrong", "missing", "advice"]

INVALID = register(
    "survey_definition_invalid",
    Bilingual(
        ar="في تصميم الاستبيان أخطاء، ولم يُحفظ شيء.",
        en="The survey's design has faults; nothing was kept.",
    ),
    422,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `path` leads to it as in `sections.0.questions.2.label.ar`; `question` is its question's name."""

    path: str
    message: Bilingual
    grade: Grade = "wrong"
    question: str = ""


class DefinitionInvalid(Refusal):
    """What was read is no definition; `problems` are all its faults in the order they stand."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        told = Refusal.of(INVALID)
        super().__init__(told.code, told.message, told.status)

    def __reduce__(self) -> tuple[type["DefinitionInvalid"], tuple[tuple[Problem, ...]]]:  # type: ignore[override]
        return type(self), (self.problems,)
