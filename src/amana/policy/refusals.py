"""What the policy room refuses, in the words for people. The faults of a file are in `problems`."""

from collections.abc import Iterable, Mapping

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

NOT_PUBLISHED = register(
    "policy_not_published",
    Bilingual(
        ar="لم تُنشر سياسة بعد، ولا يمكن استخدام أي بيانات قبلها.",
        en="No policy has been published yet, and nothing may be used without one.",
    ),
    503,
)
VERSION_UNKNOWN = register(
    "policy_version_unknown",
    Bilingual(
        ar="لا يوجد إصدار بهذا الرقم من السياسة.", en="There is no version of the policy with this number."
    ),
    404,
)
PURPOSE_UNKNOWN = register(
    "policy_purpose_unknown",
    Bilingual(ar="هذا الغرض غير مذكور في السياسة.", en="The policy does not name this purpose."),
    404,
)
WORDING_UNKNOWN = register(
    "policy_wording_unknown",
    Bilingual(
        ar="لا موافقة تُطلب لهذا الغرض بهذه الوسيلة.",
        en="The policy asks no consent for this purpose and channel.",
    ),
    404,
)
UNCHANGED = register(
    "policy_unchanged",
    Bilingual(
        ar="هذه السياسة سارية كما هي، ولا جديد فيها لنشره.",
        en="This is the running policy; there is nothing new to publish.",
    ),
    409,
)
MOVED_ON = register(
    "policy_moved_on",
    Bilingual(
        ar="نُشر إصدار آخر أثناء المراجعة. تلزم المقارنة به من جديد.",
        en="Another version was published meanwhile. Compare with it first.",
    ),
    409,
)
HASH_WRONG = register(
    "policy_hash_wrong",
    Bilingual(ar="بصمة الملف لا تطابق نصه.", en="The hash does not match the text."),
    422,
)
INCOMPLETE = register(
    "policy_incomplete",
    Bilingual(
        ar="في السياسة غرض بلا دور أو بلا معلومات أو بلا أساس قانوني.",
        en="A purpose has no role, no data or no lawful basis.",
    ),
    422,
)
UNLAWFUL = register(
    "policy_basis_unlawful",
    Bilingual(
        ar="أساس قانوني لا يعرفه قانون أحد البلدان.",
        en="A lawful basis that the law of a place does not have.",
    ),
    422,
)
PROMOTION = register(
    "policy_promotion_without_consent",
    Bilingual(ar="لا ترويج إلا بموافقة.", en="A promotion needs consent."),
    422,
)
MALFORMED = register(
    "policy_rules_malformed",
    Bilingual(
        ar="القواعد المستخرجة لا تطابق ما حُفظ منها.", en="The compiled rules are not what the tables hold."
    ),
    422,
)
UNDECLARED = register(
    "policy_undeclared",
    Bilingual(ar="يستخدم النظام ما لا تذكره السياسة.", en="The software uses what the policy does not name."),
    503,
)
ALTERED = register(
    "policy_rules_altered",
    Bilingual(
        ar="القواعد السارية لا تطابق نص السياسة المنشور. يلزم التحقق قبل المتابعة.",
        en="The rules in force do not match the published text. They must be examined first.",
    ),
    503,
)


class UndeclaredNames(Refusal):
    """The code names what the running policy lacks: `names` by kind, as in {"fields": ("shoe_size",)}."""

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        self.names = {kind: tuple(sorted(found)) for kind, found in sorted(names.items())}
        listed = "; ".join(f"{kind}: {', '.join(found)}" for kind, found in self.names.items())
        told = Refusal.of(UNDECLARED)
        assert isinstance(told.message, Bilingual)
        message = Bilingual(ar=f"{told.message.ar} ({listed})", en=f"{told.message.en} ({listed})")
        super().__init__(told.code, message, told.status)
