"""Why an answer, an envelope or a tablet was not taken in, in both languages, each with its code."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("answer_too_large", 413, "الإجابة أكبر من الحد المسموح، وهو ميغابايت واحد.",
     "The answer is too large: at most 1 MiB."),
    ("answer_unreadable", 400, "تعذّرت قراءة الإجابة: محتواها ليس بالصيغة المتفق عليها.",
     "The answer cannot be read: it is not of the agreed form."),
    ("envelope_unreadable", 400, "تعذّرت قراءة الظرف المختوم.", "The sealed envelope cannot be read."),
    ("envelope_forged", 403, "توقيع الجهاز لا يطابق الظرف، فلم يُقبل.",
     "The device's signature does not fit the envelope, so it was not taken."),
    ("envelope_sealed_otherwise", 400, "خُتم الظرف لمفتاح غير مفتاحنا، فلا يمكن فتحه.",
     "The envelope was sealed for another key than ours, so it cannot be opened."),
    ("envelope_mislabelled", 400, "رقم الظرف غير رقم الإجابة التي بداخله.",
     "The number on the envelope is not that of the answer within."),
    ("envelopes_too_many", 413, "عدد الظروف في الطلب كبير، والحد ألف ظرف.",
     "There are too many envelopes in one request: at most 1,000."),
    ("envelopes_too_large", 413, "الطلب أكبر من الحد المسموح، وهو ثمانية ميغابايت.",
     "The request is too large: at most 8 MiB."),
    ("intake_type_refused", 415, "تُرسل الظروف بنوع المحتوى application/jose.",
     "Envelopes are sent with the content type application/jose."),
    ("envelopes_missing", 400, "لا يحمل الطلب أي ظرف.", "The request holds no envelope."),
    ("intake_address_unknown", 404, "لا شيء على هذا العنوان.", "There is nothing at this address."),
    ("intake_method_refused", 405, "هذه الطريقة غير مقبولة على هذا العنوان.",
     "This method is not taken at this address."),
    ("intake_busy", 429, "الإجابات الواردة كثيرة الآن. يُرجى الإرسال من جديد بعد لحظات.",
     "Too many answers are coming in. Please send again in a moment; repeats do no harm."),
    ("intake_unavailable", 503, "تعذّر حفظ الإجابات الآن. يُرجى إرسالها من جديد بعد قليل.",
     "The answers could not be kept now. Please send them again; repeats do no harm."),
    ("answer_unknown", 404, "لا توجد إجابة بهذا الرقم.", "There is no answer of this number."),
    ("device_unknown", 401, "هذا الجهاز غير مسجّل لدينا.", "This device is not enrolled."),
    ("device_unsigned", 401, "الطلب غير موقّع من جهاز مسجّل.",
     "The request is not signed by an enrolled device."),
    ("device_revoked", 403, "أُلغي تسجيل هذا الجهاز، فلا تُقبل إجاباته.",
     "This device's enrolment was revoked; its answers are not taken in."),
    ("device_malformed", 400, "بيانات الجهاز غير مكتملة أو غير سليمة.",
     "What the device sent of itself is incomplete or malformed."),
    ("enrolment_unknown", 403, "رمز التسجيل غير صحيح، أو استُخدم من قبل، أو انتهت صلاحيته.",
     "The enrolment code is wrong, was used already, or has ended."),
    ("survey_version_unknown", 409, "لا يوجد إصدار منشور بهذا الرقم من هذا الاستبيان.",
     "This survey has no published version of that number."),
    ("survey_not_open", 409, "هذا الاستبيان غير مفتوح هنا.", "This survey is not open here."),
    ("survey_shop_unknown", 409, "لا يوجد متجر بهذا الاسم.", "There is no shop of that name."),
    ("device_elsewhere", 409, "لم يكن هذا الجهاز مسجّلًا لهذا المتجر حين أُخذت الإجابة.",
     "This device was not enrolled for that shop when the answer was given."),
    ("answer_not_asked", 409, "تحمل الإجابة ما لم يُسأل عنه في هذا الإصدار.",
     "The answer holds something this version of the survey does not ask."),
    ("answer_malformed", 409, "إحدى الإجابات ليست من النوع المطلوب.",
     "One of the answers is not of the kind asked for."),
    ("answer_missing", 409, "سؤال مطلوب بقي دون إجابة.", "A required question was left without an answer."),
    ("answer_broken", 409, "إحدى الإجابات تخالف شرط سؤالها.", "One of the answers breaks its question's rule."),
    ("unfinished_not_agreed", 409, "لم تكتمل الإجابة، ولم يوافق صاحبها على حفظها ناقصة.",
     "The survey was not finished, and whoever answered did not agree to keep it so."),
    ("photo_unreadable", 409, "الصورة المرفقة ليست صورة سليمة.", "The photo is not a picture that can be read."),
    ("photo_too_large", 409, "الصورة المرفقة أكبر من الحد المسموح، وهو 400 كيلوبايت.",
     "The photo is too large: at most 400 KiB."),
    ("answer_text_too_long", 409, "إحدى الإجابات النصية أطول من الحد المسموح.",
     "One of the written answers is too long."),
    ("answer_policy_stale", 409, "أُخذت الإجابة على جهاز لم تتجدد سياسة الخصوصية عليه منذ مدة أطول مما تسمح به السياسة.",
     "The answer was taken on a tablet whose privacy policy had not been renewed for longer than the policy allows."),
    ("answer_policy_unknown", 409, "لم يُنشر إصدار بهذا الرقم من سياسة الخصوصية.",
     "No version of the privacy policy was published under that number."),
    ("answer_not_taken", 409, "تعذّر تسجيل الإجابة لخلل عندنا، وهي محفوظة مختومة.",
     "The answer could not be taken in through a fault of ours; it is kept, sealed."),
)  # fmt: skip

for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class AnswerRefused(Refusal):
    """An answer, or what carried it, was not taken; the code says why."""


class DeviceRefused(Refusal):
    """A tablet was not let in; the code says why."""
