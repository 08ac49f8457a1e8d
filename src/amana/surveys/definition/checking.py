"""Tell what a draft still lacks and what is wrong in it, for its author, at once."""

from collections.abc import Callable, Collection, Iterator
from typing import Final

from amana.kernel.text import Bilingual
from amana.surveys.definition.compiling import PIPE
from amana.surveys.definition.document import BOUND, CHOOSING, STEPS, Definition, Question, Text
from amana.surveys.definition.problems import Problem
from amana.surveys.definition.trees import named
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import LogicProblem

_AR = Bilingual(ar="النص العربي غير مكتوب.", en="The Arabic text is not written.")
_EN = Bilingual(ar="النص الإنجليزي غير مكتوب.", en="The English text is not written.")
_NO_QUESTIONS = Bilingual(ar="لا أسئلة فيه بعد.", en="There are no questions yet.")
_EMPTY_SECTION = Bilingual(ar="هذا القسم بلا أسئلة.", en="This section has no questions.")
_FEW_CHOICES = Bilingual(ar="يلزم خياران على الأقل.", en="At least two choices are needed.")
_NO_ROWS = Bilingual(ar="يلزم صف واحد على الأقل.", en="At least one row is needed.")
_BOUNDS = Bilingual(ar="الحد الأدنى أكبر من الحد الأقصى.", en="The least is larger than the most.")
_TOO_MANY = Bilingual(ar="المطلوب أكثر من عدد الخيارات.", en="More are asked for than there are choices.")
_STEPS = Bilingual(
    ar=f"درجات التقييم من {STEPS[0]} إلى {STEPS[1]}.", en=f"A rating has {STEPS[0]} to {STEPS[1]} steps."
)
_NO_FIELDS = Bilingual(ar="لم تُختر بيانات تُطلب هنا.", en="Nothing to ask for is chosen here.")
_NO_PURPOSE = Bilingual(ar="لم يُختر الغرض الذي تُطلب له الموافقة.", en="No purpose to consent to is chosen.")
_UNBOUND = Bilingual(
    ar="لا بد من ربط هذه الإجابة ببند من سياسة الخصوصية.",
    en="This answer has to be bound to a category of the privacy policy.",
)
_WRONGLY_BOUND = Bilingual(
    ar="لا يُربط هذا النوع من الأسئلة بهذا البند.", en="This kind of question is not bound to that category."
)
_LATER = Bilingual(
    ar="يعتمد هذا على سؤال يأتي بعده: «{}».", en="This relies on a question that comes later: “{}”."
)
_ITSELF = Bilingual(ar="يعتمد هذا السؤال على إجابته هو.", en="This question relies on its own answer.")
_SEALED = Bilingual(
    ar="تُحسب الحصص من الإجابات المختارة أو المعدودة فقط، لا من «{}».",
    en="Quotas count only what is chosen or counted, not “{}”.",
)
_QUOTA = Bilingual(
    ar="لا بد من شرط وعدد أكبر من صفر.", en="A condition and a number above nought are needed."
)
_NO_PIPE = Bilingual(ar="لا تُستخدم هنا إجابات سابقة.", en="Earlier answers cannot be used here.")
_NO_MESSAGE = Bilingual(
    ar="اكتب ما يُقال لمن يخالف هذا الشرط.", en="Say what people are told who break this rule."
)
_NO_INTRO = Bilingual(ar="لا مقدمة بعد تقول لماذا نسأل.", en="No introduction says yet why you ask.")

# Texts every kind needs nothing of: what a consent says is the policy's own wording.
_WORDLESS: Final = frozenset({"consent"})


def check(definition: Definition) -> tuple[Problem, ...]:
    """Return every problem of a draft, in the order of the survey."""
    return tuple(_Checker(definition).problems())


def stops(problems: Collection[Problem]) -> bool:
    """Tell whether any of the problems keeps a survey from being published."""
    return any(problem.grade != "advice" for problem in problems)


class _Checker:
    """Walks a definition once, knowing which questions were asked before."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.names = definition.names
        self.before: list[str] = []

    def problems(self) -> Iterator[Problem]:
        found = self.definition
        yield from _both(found.title, "title")
        yield from _both(found.intro, "intro") if found.intro else [Problem("intro", _NO_INTRO, "advice")]
        yield from self._label(found.thanks, "thanks", needed=False, names=self.names)
        if not self.names:
            yield Problem("sections", _NO_QUESTIONS, "missing")
        for n, section in enumerate(found.sections):
            at = f"sections.{n}"
            yield from self._label(section.title, f"{at}.title", needed=len(found.sections) > 1)
            yield from self._rule(section.relevant, f"{at}.relevant")
            if not section.questions:
                yield Problem(at, _EMPTY_SECTION, "missing")
            # Shuffled questions cannot rely on each other: any of them may come first.
            known = list(self.before)
            for m, question in enumerate(section.questions):
                yield from self._named(question, f"{at}.questions.{m}")
                if question.asks and not section.shuffled:
                    self.before.append(question.name)
            if section.shuffled:
                self.before = [*known, *(each.name for each in section.questions if each.asks)]
        yield from self._rule(found.alert, "alert", names=self.names)
        yield from self._quotas()

    def _named(self, question: Question, at: str) -> Iterator[Problem]:
        for problem in self._question(question, at):
            yield Problem(problem.path, problem.message, problem.grade, question.name)

    def _question(self, question: Question, at: str) -> Iterator[Problem]:
        if question.kind not in _WORDLESS:
            yield from self._label(question.label, f"{at}.label")
        if question.hint:
            yield from self._label(question.hint, f"{at}.hint")
        yield from self._rule(question.relevant, f"{at}.relevant", own=question.name)
        if isinstance(question.required, str):
            yield from self._rule(question.required, f"{at}.required", own=question.name)
        yield from self._rule(question.constraint, f"{at}.constraint", names=[*self.before, question.name])
        if question.constraint and not question.message:
            yield Problem(f"{at}.message", _NO_MESSAGE, "missing")
        elif question.message:
            yield from self._label(question.message, f"{at}.message")
        for rule in _RULES:
            yield from rule(question, at)

    def _label(
        self, text: Text, at: str, *, needed: bool = True, names: Collection[str] | None = None
    ) -> Iterator[Problem]:
        if needed or text:
            yield from _both(text, at)
        for language, said in (("ar", text.ar), ("en", text.en)):
            if PIPE in said:
                yield from self._read(parsing.parse_label, said, f"{at}.{language}", names, "")

    def _rule(
        self, text: str | None, at: str, *, names: Collection[str] | None = None, own: str = ""
    ) -> Iterator[Problem]:
        if text:
            yield from self._read(parsing.parse, text, at, names, own)

    def _read(
        self,
        read: Callable[..., object],
        text: str,
        at: str,
        names: Collection[str] | None,
        own: str,
        otherwise: Bilingual = _LATER,
    ) -> Iterator[Problem]:
        """Read an expression among all names first, so that one of a later question is told from a wrong one."""
        try:
            tree = read(text, names=self.names)
        except LogicProblem as problem:
            yield Problem(at, problem.message)
            return
        known = self.before if names is None else names
        for name in named(tree):
            if name == own:
                yield Problem(at, _ITSELF)
            elif name not in known:
                yield Problem(at, Bilingual(ar=otherwise.ar.format(name), en=otherwise.en.format(name)))

    def _quotas(self) -> Iterator[Problem]:
        for n, quota in enumerate(self.definition.quotas):
            at = f"quotas.{n}"
            if not quota.when or quota.most < 1:
                yield Problem(at, _QUOTA, "missing")
            yield from _both(quota.message, f"{at}.message")
            if quota.when:
                closed = [each.name for each in self.definition.questions() if each.closed]
                yield from self._read(parsing.parse, quota.when, f"{at}.when", closed, "", _SEALED)


def _both(text: Text, at: str) -> Iterator[Problem]:
    if not text.ar.strip():
        yield Problem(f"{at}.ar", _AR, "missing")
    if not text.en.strip():
        yield Problem(f"{at}.en", _EN, "missing")


def _choices(question: Question, at: str) -> Iterator[Problem]:
    if question.kind in CHOOSING and len(question.choices) < 2:
        yield Problem(f"{at}.choices", _FEW_CHOICES, "missing")
    if question.kind == "matrix" and not question.rows:
        yield Problem(f"{at}.rows", _NO_ROWS, "missing")
    shown = question.choices if question.kind in CHOOSING else ()
    labels = [(f"{at}.choices.{n}.label", choice.label) for n, choice in enumerate(shown)]
    labels += [(f"{at}.rows.{n}.label", row.label) for n, row in enumerate(question.rows)]
    for path, label in labels:
        yield from _both(label, path)
        if PIPE in label.ar + label.en:
            yield Problem(f"{path}.ar", _NO_PIPE)


def _bounds(question: Question, at: str) -> Iterator[Problem]:
    if question.least is not None and question.most is not None and question.least > question.most:
        yield Problem(f"{at}.least", _BOUNDS)
    if question.kind == "multiple" and (question.least or 0) > len(question.choices):
        yield Problem(f"{at}.least", _TOO_MANY)
    if question.kind == "rating" and question.steps and not STEPS[0] <= question.steps <= STEPS[1]:
        yield Problem(f"{at}.steps", _STEPS)
    if question.ends:
        yield from _both(question.ends.low, f"{at}.ends.low") if question.ends.low else ()
        yield from _both(question.ends.high, f"{at}.ends.high") if question.ends.high else ()


def _bound(question: Question, at: str) -> Iterator[Problem]:
    if question.kind == "contact" and not question.fields:
        yield Problem(f"{at}.fields", _NO_FIELDS, "missing")
    if question.kind == "consent" and not question.purpose:
        yield Problem(f"{at}.purpose", _NO_PURPOSE, "missing")
    allowed = BOUND.get(question.kind, ())
    if question.category and question.category not in allowed:
        yield Problem(f"{at}.category", _WRONGLY_BOUND)
    if allowed and not question.category and question.kind != "date":
        yield Problem(f"{at}.category", _UNBOUND, "missing")


_RULES: Final = (_choices, _bounds, _bound)
