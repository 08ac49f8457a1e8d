"""What people are told when the gate refuses: each code the gate's functions raise, in both languages."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("isolation_refused", 500, "لا يُفتح هذا الطلب إلا بقراءة أحدث حالة مؤكدة.",
     "This can only be read at the latest committed state."),
    ("inside_transaction", 500, "لا تُفتح البيانات ولا يُبحث عن أحد داخل معاملة قد تُلغى.",
     "Nothing is opened and nobody looked up inside a transaction that could be rolled back."),
    ("journal_mismatch", 503, "الخدمة متوقفة حتى يُستكمل سجل المحو. يُرجى المحاولة بعد قليل.",
     "Service is paused until the erase journal has been replayed. Please try again shortly."),
    ("no_policy", 503, "لم تُنشر سياسة خصوصية بعد، فلا تُجمع أي بيانات.",
     "No privacy policy has been published yet, so nothing is collected."),
    ("policy_changed", 409, "تغيّرت سياسة الخصوصية للتو. يُرجى إعادة المحاولة.",
     "The privacy policy has just changed. Please try again."),
    ("purpose_undeclared", 403, "لا تذكر سياسة الخصوصية هذا الغرض.",
     "The privacy policy does not list this purpose."),
    ("channel_undeclared", 403, "لا تذكر سياسة الخصوصية هذه الوسيلة لهذا الغرض.",
     "The privacy policy does not list this channel for this purpose."),
    ("recipient_undeclared", 403, "لا تذكر سياسة الخصوصية هذه الجهة لهذا الغرض.",
     "The privacy policy does not list this recipient for this purpose."),
    ("field_undeclared", 400, "لا تذكر سياسة الخصوصية هذه المعلومة.",
     "The privacy policy does not list this piece of information."),
    ("field_missing", 400, "تنقص معلومة مطلوبة.", "A piece of information that is needed is missing."),
    ("field_wrong_kind", 400, "لا يجوز حفظ هذه المعلومة بهذه الصورة.",
     "This piece of information must not be kept in this form."),
    ("field_malformed", 400, "صيغة هذه المعلومة غير صحيحة.", "This piece of information is not written as it must be."),
    ("facts_only", 400, "لا تُقرأ مجتمعةً إلا المعلومات العامة، كالمدينة وسنة الميلاد.",
     "Only coarse facts, such as city and year of birth, can be read of many together."),
    ("address_needs_channel", 403, "لا يُفتح العنوان في العروض إلا للوسيلة التي تُرسل إليه.",
     "For promotions, an address is opened only for the channel that writes to it."),
    ("source_undeclared", 403, "لا تذكر سياسة الخصوصية هذا المصدر.",
     "The privacy policy does not list this source."),
    ("place_undeclared", 403, "لا تشمل سياسة الخصوصية هذا البلد.",
     "The privacy policy does not cover this country."),
    ("task_undeclared", 403, "لا تذكر سياسة الخصوصية هذا النوع من المهام لهذا الغرض.",
     "The privacy policy does not list this kind of task for this purpose."),
    ("role_refused", 403, "لا يسمح دورك بهذا الاستخدام.", "Your role does not allow this use."),
    ("task_unknown", 403, "لا توجد مهمة تحتاج إلى هذه البيانات.", "There is no task that needs this data."),
    ("task_of_another", 403, "هذه المهمة مسندة إلى زميل آخر.", "This task belongs to a colleague."),
    ("task_expired", 403, "انتهت مدة هذه المهمة.", "This task has expired."),
    ("task_spent", 403, "استُخدمت هذه المهمة من قبل.", "This task has already been used."),
    ("ticket_unknown", 403, "لا يوجد طلب مسجّل بهذا الرقم.", "No recorded request goes by this ticket."),
    ("ticket_uncommitted", 403, "لم يُسجَّل الطلب بعد.", "The request has not been committed yet."),
    ("ticket_spent", 403, "سُلّمت بيانات هذا الطلب من قبل.", "What this request asked for was already taken."),
    ("ticket_expired", 403, "انتهت مدة هذا الطلب.", "This request has expired."),
    ("link_undeclared", 403, "لا يجوز إنشاء هذا الرابط لهذا الغرض.",
     "This link cannot be made for this purpose."),
    ("link_invalid", 404, "هذا الرابط غير صالح. يمكن طلب رابط جديد.",
     "This link is not valid. You can ask for a new one."),
    ("link_wrong_scope", 403, "لا يسمح هذا الرابط بهذا الإجراء.", "This link does not allow that."),
    ("link_expired", 410, "انتهت مدة هذا الرابط. يمكن طلب رابط جديد.",
     "This link has expired. You can ask for a new one."),
    ("link_stale", 410, "لم يعد هذا الرابط ينطبق. يمكن طلب رابط جديد.",
     "This link no longer applies. You can ask for a new one."),
    ("person_unknown", 404, "لا يوجد عميل بهذا الرقم.", "There is no such customer."),
    ("person_named", 409, "سبق أن أُضيفت بيانات صاحب هذه الإجابات.", "Who gave these answers has been told already."),
    ("field_present", 409, "سبق أن أُعطيت هذه المعلومة.", "This piece of information was given already."),
    ("version_unknown", 400, "لم تُنشر نسخة السياسة هذه.", "This version of the policy was never published."),
    ("decision_refused", 403, "لا تُسجَّل الموافقة إلا من صاحبها.",
     "Only the person concerned can give consent."),
    ("request_unconfirmed", 409, "لم يؤكد صاحب العنوان هذا الطلب بعد.",
     "The owner of the address has not confirmed this request yet."),
    ("key_retired", 503, "تبدّل مفتاح التشفير للتو. يُرجى إعادة المحاولة.",
     "The encryption key has just been replaced. Please try again."),
    ("address_forgotten", 409, "حُذفت بيانات صاحب هذا العنوان بطلب منه، ولا تُستورد من جديد.",
     "The owner of this address was erased on request and cannot be imported again."),
)  # fmt: skip

for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class GateRefused(Refusal):
    """The gate refused; the code says which rule."""
