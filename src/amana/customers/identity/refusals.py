"""What people are told when an edge or a merge is refused."""

from typing import Final

from amana.kernel.refusal import register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("pseudonym_malformed", 400, "هذا ليس معرّفًا مستعارًا صحيحًا.", "This is not a pseudonym."),
    ("edge_maker_refused", 403, "لا يُربط متصفح بعميل بهذه الطريقة.", "A browser is not linked to a customer this way."),
    ("edge_unknown", 404, "لا يوجد متصفح مرتبط بهذا الرقم.", "No linked browser goes by this number."),
    ("reason_missing", 400, "يُرجى كتابة السبب.", "Please give the reason."),
    ("merge_of_one", 400, "لا يُدمج عميل مع نفسه.", "A customer cannot be merged with themselves."),
    ("merge_of_part", 409,
     "أحد العميلين مدموج مع عميل آخر. يُرجى اختيار العميل الذي يمثّله، أو التراجع عن الدمج السابق أولًا.",
     "One of the two is merged already. Choose the customer who stands for them, or undo that merge first."),
    ("merge_unknown", 404, "لا يوجد دمج قائم بهذا الرقم.", "There is no merge by this number to undo."),
    ("conflict_unknown", 409,
     "لا يوجد تعارض ينتظر قرارًا بهذا الرقم.",
     "No conflict by this number waits for a decision."),
)  # fmt: skip

CODES: Final = tuple(register(code, Bilingual(ar=ar, en=en), status) for code, status, ar, en in _WORDS)
