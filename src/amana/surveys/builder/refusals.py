"""Why a survey could not be changed, published or opened, in both languages."""

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

UNKNOWN = register(
    "survey_unknown", Bilingual(ar="لا يوجد استبيان بهذا الرقم.", en="There is no such survey."), 404
)
VERSION = register(
    "survey_version_missing",
    Bilingual(
        ar="لا يوجد إصدار بهذا الرقم من هذا الاستبيان.", en="This survey has no version of that number."
    ),
    404,
)
PART = register(
    "survey_part_gone",
    Bilingual(
        ar="لم يعد هذا الجزء في الاستبيان، فربما حذفه زميل أو أعاد تسميته. لم يتغيّر شيء.",
        en="This part is no longer in the survey; a colleague may have deleted or renamed it. Nothing was changed.",
    ),
    409,
)
CHANGED = register(
    "survey_changed_meanwhile",
    Bilingual(
        ar="غيّر زميل هذا الجزء نفسه في هذه الأثناء. لم يُحفظ شيء بعد، وما كتبته ما زال هنا.",
        en="A colleague changed this very part meanwhile. Nothing is saved yet, and what you wrote is still here.",
    ),
    409,
)
NO_STEP = register(
    "survey_no_step",
    Bilingual(ar="لا توجد خطوة أخرى في هذا الاتجاه.", en="There is no further step that way."),
    409,
)
INCOMPLETE = register(
    "survey_incomplete",
    Bilingual(
        ar="الاستبيان غير جاهز للنشر: ما زال في القائمة ما يلزم إكماله.",
        en="The survey is not ready to be published: the list still shows what is to be done.",
    ),
    409,
)
SAME = register(
    "survey_unchanged",
    Bilingual(
        ar="لم يتغيّر شيء منذ آخر إصدار منشور.", en="Nothing has changed since the version published last."
    ),
    409,
)
UNPUBLISHED = register(
    "survey_not_published",
    Bilingual(
        ar="لا بد من نشر الاستبيان قبل فتحه في أي مكان.",
        en="A survey has to be published before it opens anywhere.",
    ),
    409,
)
CLOSED = register(
    "survey_closed",
    Bilingual(ar="هذا الاستبيان مغلق.", en="This survey is closed."),
    409,
)
KEPT = register(
    "survey_version_kept",
    Bilingual(
        ar="الإصدار المنشور لا يتغيّر ولا يُحذف؛ إجابات الناس مربوطة به.",
        en="A published version never changes and never goes: people's answers are tied to it.",
    ),
    409,
)
NAMED = register(
    "survey_address_taken",
    Bilingual(
        ar="هذا العنوان غير صالح أو يستخدمه استبيان آخر. يُكتب بحروف لاتينية صغيرة وأرقام وشرطات.",
        en="This address is not valid or another survey uses it. Write small Latin letters, digits and hyphens.",
    ),
    409,
)
WAYS = register(
    "survey_way_unknown",
    Bilingual(ar="هذه طريقة غير معروفة لفتح استبيان.", en="There is no such way of opening a survey."),
    400,
)


class Changed(Refusal):
    """Say that somebody else changed the very part that was written; `by` is their staff number."""

    def __init__(self, by: int) -> None:
        self.by = by
        told = Refusal.of(CHANGED)
        super().__init__(told.code, told.message, told.status)

    def __reduce__(self) -> tuple[type["Changed"], tuple[int]]:  # type: ignore[override]
        return type(self), (self.by,)
