"""What the ledger refuses, in the words for people."""

from amana.kernel.refusal import register
from amana.kernel.text import Bilingual

EVENT_RESERVED = register(
    "event_reserved",
    Bilingual(
        ar="تسجيل هذا الحدث مقصور على الجزء المسؤول عنه في النظام.",
        en="Only the part of the system that answers for this event may record it.",
    ),
    403,
)
PERSON_FORGOTTEN = register(
    "person_forgotten",
    Bilingual(
        ar="حُذفت بيانات هذا العميل، ولا يمكن إضافة أي شيء إلى سجله.",
        en="This customer has been erased; nothing can be added to their record.",
    ),
    410,
)
LEDGER_TRUNCATED = register(
    "ledger_truncated",
    Bilingual(
        ar="السجل أقصر مما وُقّع عليه من قبل، ولن يُوقَّع عليه مجددًا قبل مراجعته.",
        en="The ledger is shorter than what was signed before. Nothing is signed until it is examined.",
    ),
    503,
)
TILE_REWRITTEN = register(
    "tile_rewritten",
    Bilingual(
        ar="محتوى السجل لا يطابق ما نُشر منه من قبل، ولن يُوقَّع عليه قبل مراجعته.",
        en="The ledger does not match what was published of it. Nothing is signed until it is examined.",
    ),
    503,
)
CHECKPOINT_WRONG = register(
    "checkpoint_wrong",
    Bilingual(
        ar="نقطة التحقق لا تطابق السجل.",
        en="The checkpoint does not match the ledger.",
    ),
    409,
)
CHECKPOINT_BEHIND = register(
    "checkpoint_behind",
    Bilingual(
        ar="نُشرت من قبل نقطة تحقق مساوية لهذه أو أحدث منها.",
        en="A checkpoint as new as this one, or newer, has already been published.",
    ),
    409,
)
COSIGNATURE_FALSE = register(
    "cosignature_false",
    Bilingual(
        ar="توقيع الشاهد غير صحيح أو لا يخص نقطة تحقق منشورة.",
        en="The witness's signature is not valid, or is not over a published checkpoint.",
    ),
)
CHECKPOINT_UNVERIFIED = register(
    "checkpoint_unverified",
    Bilingual(
        ar="تعذّر التحقق من نقطة التحقق المقدَّمة: إما أنها ليست لهذا السجل أو أن توقيعها غير صحيح.",
        en="The checkpoint given could not be verified: it is of another log, or its signature is not valid.",
    ),
)
LOG_UNREACHABLE = register(
    "log_unreachable",
    Bilingual(
        ar="تعذّرت قراءة السجل من العنوان المقدَّم.",
        en="The ledger could not be read from the address given.",
    ),
    503,
)
WITNESSES_MALFORMED = register(
    "witnesses_malformed",
    Bilingual(
        ar="قائمة الشهود في الإعداد AMANA_WITNESSES غير صحيحة.",
        en="The list of witnesses in the setting AMANA_WITNESSES is malformed.",
    ),
)
