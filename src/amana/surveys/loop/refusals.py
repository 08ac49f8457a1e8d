"""Why something cannot be done about a case or a note, in both languages."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("case_unknown", 404, "لا توجد حالة بهذا الرقم.", "There is no such case."),
    ("case_of_another", 403, "هذه الحالة ليست مسندة إليك. يمكنك تولّيها أولًا.",
     "This case is not yours. You can take it over first."),
    ("case_resolved", 409, "هذه الحالة مغلقة. يمكن إعادة فتحها أولًا.",
     "This case is resolved. You can open it again first."),
    ("case_not_resolved", 409, "هذه الحالة مفتوحة بالفعل.", "This case is open already."),
    ("case_escalated", 409, "الحالة لدى الإدارة الرئيسية بالفعل.", "The case is with head office already."),
    ("case_colleague_unknown", 400, "لا يمكن إسناد حالات هذا المتجر إلى هذا الزميل.",
     "This colleague cannot be given cases of this shop."),
    ("case_words_missing", 400, "لم يُكتب شيء بعد.", "Nothing is written yet."),
    ("case_reason_missing", 400, "يُرجى اختيار سبب الإغلاق.", "Please choose why it is resolved."),
    ("case_words_sealed", 409, "لا يمكن فتح ما كُتب الآن: سُحب الإذن، أو لم يُؤكَّد العنوان بعد، أو حُجب النص لحساسيته.",
     "The words cannot be opened now: the permission was withdrawn, the address is not confirmed yet, or they are kept"
     " back as sensitive."),
    ("case_photo_sealed", 409, "لا يمكن فتح الصورة الآن: سُحب الإذن، أو لم يُؤكَّد العنوان بعد، أو حُجبت الصورة أو حُذفت.",
     "The photo cannot be opened now: the permission was withdrawn, the address is not confirmed yet, or it is kept"
     " back or gone."),
    ("case_no_contact", 409, "لم يسمح صاحب الإجابة بالتواصل معه، فهذه حالة داخلية.",
     "Whoever answered did not allow us to write to them: this case stays among ourselves."),
    ("case_reply_waits", 409, "هناك رد في طريقه بالفعل.", "A reply is on its way already."),
    ("case_reply_unfinished", 400, "ما زال في الرد موضع بين قوسين معقوفين [ ] لم يُكتب.",
     "The reply still holds a place in square brackets [ ] that is not written."),
    ("case_reply_gone", 409, "لم يعد التراجع ممكنًا: غادر الرد أو حُسم أمره.",
     "It is too late to take the reply back: it has left or was settled."),
    ("improvement_unknown", 404, "لا توجد ملاحظة بهذا الرقم.", "There is no such note."),
    ("improvement_incomplete", 400, "لا تُنشر الملاحظة قبل كتابتها باللغتين.",
     "A note is published once it is written in both languages."),
)  # fmt: skip
for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class LoopRefused(Refusal):
    """Say why something cannot be done about a case or a note."""
