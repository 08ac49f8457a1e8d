"""What sentences about rules are made of, in both languages.

Arabic clauses begin with a verb in the past, so that each reads after "إذا" and after "و". The gaps: `s` is what is
spoken of, `p` what is said of it, `f` and `y` the verb's marks of its gender, `hy` the pronoun between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from amana.kernel.text import Bilingual


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to say something of an answer: that it is so, that it is not, that it is none of several."""

    so: Bilingual
    not_so: Bilingual
    none_of: Bilingual | None = None


# What each kind of rule does once its condition holds.
FRAMES: Final[Mapping[str, Bilingual]] = {
    "relevant": Bilingual(ar="يظهر إذا {c}", en="Shown when {c}"),
    "required": Bilingual(ar="تلزم الإجابة إذا {c}", en="Has to be answered when {c}"),
    "constraint": Bilingual(ar="تُقبل إذا {c}", en="Accepted when {c}"),
    "alert": Bilingual(ar="يُعدّ العميل غير راضٍ إذا {c}", en="Somebody is dissatisfied when {c}"),
    "when": Bilingual(ar="تُحسب الإجابة ضمن الحصة إذا {c}", en="Counted when {c}"),
}
_NOT_IS: Final = Bilingual(ar="لم {y}كن {s} {p}", en="{s} is not {p}")
_NOT_EQUALS: Final = Bilingual(ar="لم {y}كن {s} {hy} {p}", en="{s} is not {p}")
VERBS: Final[Mapping[str, Verb]] = {
    "equals": Verb(
        Bilingual(ar="كان{f} {s} {hy} {p}", en="{s} is {p}"),
        _NOT_EQUALS,
        Bilingual(ar=_NOT_EQUALS.ar, en="{s} is neither {p}"),
    ),
    "is": Verb(
        Bilingual(ar="كان{f} {s} {p}", en="{s} is {p}"),
        _NOT_IS,
        Bilingual(ar=_NOT_IS.ar, en="{s} is neither {p}"),
    ),
    "includes": Verb(
        Bilingual(ar="تضمّن{f} {s} الخيار {p}", en="{s} includes {p}"),
        Bilingual(ar="لم {y}تضمّن {s} الخيار {p}", en="{s} does not include {p}"),
        Bilingual(ar="لم {y}تضمّن {s} الخيار {p}", en="{s} includes neither {p}"),
    ),
    "row": Verb(
        Bilingual(ar="اختير {p} في أحد صفوف {s}", en="some row of {s} is {p}"),
        Bilingual(ar="لم يُختر {p} في أي صف من صفوف {s}", en="no row of {s} is {p}"),
    ),
    "contains": Verb(
        Bilingual(ar="ورد النص {p} في {s}", en="{s} contains the text {p}"),
        Bilingual(ar="لم يرد النص {p} في {s}", en="{s} does not contain the text {p}"),
    ),
    "begins": Verb(
        Bilingual(ar="بدأ{f} {s} بالنص {p}", en="{s} begins with {p}"),
        Bilingual(ar="لم {y}بدأ {s} بالنص {p}", en="{s} does not begin with {p}"),
    ),
    "matches": Verb(
        Bilingual(ar="طابق{f} {s} النمط {p}", en="{s} has the pattern {p}"),
        Bilingual(ar="لم {y}طابق {s} النمط {p}", en="{s} does not have the pattern {p}"),
    ),
    "answered": Verb(
        Bilingual(ar="أُجيب عن {s}", en="{s} is answered"),
        Bilingual(ar="لم يُجب عن {s}", en="{s} is not answered"),
    ),
    "given": Verb(
        Bilingual(ar="أُعطيت {s}", en="{s} is given"),
        Bilingual(ar="لم تُعطَ {s}", en="{s} is not given"),
    ),
    "holds": Verb(
        Bilingual(ar="تحقّق {s}", en="{s} holds"),
        Bilingual(ar="لم يتحقّق {s}", en="{s} does not hold"),
    ),
}
SIZES: Final[Mapping[str, Bilingual]] = {
    ">=": Bilingual(ar="{v} على الأقل", en="at least {v}"),
    "<=": Bilingual(ar="{v} على الأكثر", en="at most {v}"),
    ">": Bilingual(ar="أكثر من {v}", en="more than {v}"),
    "<": Bilingual(ar="أقل من {v}", en="less than {v}"),
}
FEWER: Final = Bilingual(ar="أقل من {v}", en="fewer than {v}")
DAYS: Final[Mapping[str, Bilingual]] = {
    ">=": Bilingual(ar="في {v} أو بعده", en="on or after {v}"),
    "<=": Bilingual(ar="في {v} أو قبله", en="on or before {v}"),
    ">": Bilingual(ar="بعد {v}", en="after {v}"),
    "<": Bilingual(ar="قبل {v}", en="before {v}"),
}
SAME: Final = Bilingual(ar="مثل {v}", en="the same as {v}")
WHOLE: Final = Bilingual(ar="عددًا صحيحًا", en="a whole number")
EMPTY: Final = Bilingual(ar="فارغة", en="empty")

QUOTED: Final = Bilingual(ar="«{v}»", en="“{v}”")
ANSWER: Final = Bilingual(ar="إجابة «{v}»", en="“{v}”")
THIS: Final = Bilingual(ar="هذه الإجابة", en="this answer")
TODAY: Final = Bilingual(ar="تاريخ اليوم", en="today")
CHOSEN: Final = Bilingual(ar="عدد الخيارات في {v}", en="the number of choices in {v}")
ROWS: Final = Bilingual(ar="عدد الصفوف المُجابة في {v}", en="the number of rows answered in {v}")
LETTERS: Final = Bilingual(ar="عدد حروف {v}", en="the number of characters in {v}")
COUNTED: Final = Bilingual(ar="ناتج {v}", en="{v}")
# What a function makes of one answer, which stays of its gender.
MADE: Final[Mapping[str, Bilingual]] = {
    "round": Bilingual(ar="{v} بعد التقريب", en="{v} rounded"),
    "int": Bilingual(ar="{v} من دون الكسر", en="{v} without its fraction"),
}
# What a function makes of several.
OF_SEVERAL: Final[Mapping[str, Bilingual]] = {
    "min": Bilingual(ar="الأصغر من بين {v}", en="the smallest of {v}"),
    "max": Bilingual(ar="الأكبر من بين {v}", en="the largest of {v}"),
    "coalesce": Bilingual(ar="أول ما أُجيب عنه من {v}", en="the first that is answered of {v}"),
}
SIGNS: Final[Mapping[str, str]] = {"+": " + ", "-": " − ", "*": " × ", "div": " ÷ "}

COMMA: Final = Bilingual(ar="، ", en=", ")
# Between the parts of one list: before the last, and before every other but the first.
LISTS: Final[Mapping[str, tuple[Bilingual, Bilingual]]] = {
    "and": (Bilingual(ar=" و", en=" and "), Bilingual(ar=" و", en=", ")),
    "or": (Bilingual(ar=" أو ", en=" or "), Bilingual(ar=" أو ", en=", ")),
    "none": (Bilingual(ar=" ولا ", en=" nor "), Bilingual(ar=" ولا ", en=" nor ")),
}
# Between whole clauses: short ones, and those that hold a list themselves.
CLAUSES: Final[Mapping[str, tuple[Bilingual, Bilingual]]] = {
    "and": (Bilingual(ar=" و", en=" and "), Bilingual(ar="، و", en=", and ")),
    "or": (Bilingual(ar=" أو ", en=" or "), Bilingual(ar="، أو ", en=", or ")),
}
