"""What senders are told when events are not taken in, in both languages, each with its code."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("event_key_unknown", 401, "مفتاح الكتابة غير معروف أو أُغلق مصدره.",
     "The write key is not known, or its source was closed."),
    ("event_key_missing", 401, "لا يحمل الطلب مفتاح كتابة.",
     "There is no write key: send it as the user name of Basic authentication, or as writeKey in the body."),
    ("event_origin_refused", 403, "لا يُقبل الإرسال بهذا المفتاح من هذا الموقع.",
     "Pages of this site may not send with this key."),
    ("event_address_unknown", 404, "لا تُستقبل أحداث على هذا العنوان.", "No events are taken in at this address."),
    ("event_method_refused", 405, "تُرسل الأحداث بطريقة POST.", "Events are sent by POST."),
    ("event_body_too_large", 413, "الطلب أكبر من اللازم، والحد ميغابايت واحد بعد فك الضغط.",
     "The body is too large: at most 1 MiB, also after decompression."),
    ("event_batch_too_long", 413, "عدد الأحداث في الطلب كبير.", "There are too many events in one batch."),
    ("event_encoding_unknown", 415, "الضغط المقبول هو gzip وحده.", "The only content encoding taken in is gzip."),
    ("event_gzip_broken", 400, "تعذّر فك ضغط الطلب.", "The body is not whole gzip."),
    ("event_body_unreadable", 400, "محتوى الطلب ليس JSON سليمًا من هذا النوع.",
     "The body is no JSON of this kind: see the field and type of each value."),
    ("event_queue_full", 429, "الطلبات كثيرة الآن. يُرجى المحاولة بعد لحظات.",
     "Too much is waiting to be written. Please send again in a moment."),
    ("event_not_written", 503, "تعذّر حفظ الأحداث الآن. يُرجى إرسالها من جديد.",
     "The events could not be written now. Please send them again; repeats do no harm."),
)  # fmt: skip

for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class EventsRefused(Refusal):
    """Events were not taken in; the code says why."""
