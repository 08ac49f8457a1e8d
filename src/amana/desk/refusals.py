"""What an agent is told when the desk refuses."""

from typing import Final

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

_WORDS: Final[tuple[tuple[str, int, str, str], ...]] = (
    ("conversation_unknown", 404, "لا توجد محادثة بهذا الرقم.", "There is no conversation with this number."),
    ("conversation_of_another", 403, "هذه المحادثة مسندة إلى زميل آخر. يمكن تولّيها أولًا.",
     "This conversation is assigned to a colleague. You can take it over first."),
    ("conversation_erased", 409, "حُذف صاحب هذه المحادثة، ولم يبقَ ما يُفتح أو عنوان يُرد عليه.",
     "Whoever wrote this was erased: there is nothing left to open and no address to answer."),
    ("conversation_changed", 409, "تغيّرت هذه المحادثة للتو. يُرجى تحميل الصفحة من جديد.",
     "This conversation has just changed. Please load the page again."),
    ("sender_unknown", 409, "لا يحمل هذا البريد عنوان مرسل صالحًا يمكن الرد عليه.",
     "This mail carries no valid sender's address that could be answered."),
    ("answer_empty", 400, "يُرجى كتابة الرد قبل إرساله.", "Please write the answer before sending it."),
    ("answer_not_sent", 503, "لم يُسلَّم الرد إلى خادم البريد. النص محفوظ في الخانة، ويمكن إرساله من جديد.",
     "The answer did not reach the mail server. Your text is still in the box; you can send it again."),
)  # fmt: skip

for _code, _status, _ar, _en in _WORDS:
    register(_code, Bilingual(ar=_ar, en=_en), _status)


class DeskRefused(Refusal):
    """Say why the desk cannot do that."""
