"""What people are told when a request about somebody's data cannot go on."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("request_unknown", 404, "لا يوجد طلب بهذا الرقم.", "There is no request with this number."),
    ("request_closed", 409, "أُغلق هذا الطلب من قبل.", "This request has been closed already."),
    ("request_open_already", 409, "لهذه المحادثة طلب قائم بالفعل.",
     "This conversation has an open request already."),
    ("extension_refused", 409, "لا يمكن تمديد هذا الطلب: يُمدَّد مرة واحدة بعد تأكيد صاحبه وقبل حلول موعده، وبالقدر"
     " الذي تنص عليه السياسة لبلده.",
     "This request cannot be put off: only once, after its owner confirmed it and before it is due, and as far as the"
     " policy states for its country."),
    ("challenge_limit", 429, "أُرسلت ثلاث رسائل تأكيد إلى هذا العنوان خلال 24 ساعة. يمكن فتح طلب جديد غدًا.",
     "Three confirmation mails went to this address within 24 hours. A new request can be opened tomorrow."),
    ("reason_unknown", 400, "يُرجى اختيار سبب من القائمة.", "Please choose a reason from the list."),
    ("certificate_unknown", 404, "لا توجد شهادة بهذا الرقم. يُرجى التحقق من الرقم كما ورد في الرسالة.",
     "There is no certificate with this number. Please check the number against the mail."),
)  # fmt: skip

for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class RightsRefused(Refusal):
    """Say why a request cannot go on."""
