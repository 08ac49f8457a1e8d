"""The automatic answers: the same to everybody who writes, whether we know them or not."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from amana.kernel.text import Bilingual, Language
from amana.post.letters import Words

_SIGNED = Bilingual(ar="فريق خدمة العملاء", en="Customer service")

SUBJECTS: Final[Mapping[str, Bilingual]] = MappingProxyType(
    {
        "unsubscribe": Bilingual(
            ar="أوقفنا رسائل العروض إلى هذا العنوان", en="Offers to this address have stopped"
        ),
        "erase": Bilingual(ar="وصلنا طلبك بحذف الحساب", en="We received your request to erase an account"),
        "other": Bilingual(ar="وصلتنا رسالتك", en="We received your message"),
    }
)
BODIES: Final[Mapping[str, Bilingual]] = MappingProxyType(
    {
        "unsubscribe": Bilingual(
            ar=(
                "شكرًا على رسالتك.\n\n"
                "لن تصل إلى هذا العنوان أي رسالة عروض بعد الآن، ويشمل ذلك ما كان مجهّزًا للإرسال."
                " لا يلزم أي إجراء آخر.\n\n"
                "أما رسائل طلبات الشراء وردود خدمة العملاء فتستمر عند الحاجة إليها."
            ),
            en=(
                "Thank you for your message.\n\n"
                "No more offers go to this address from now on, not even those that were ready to be sent. There is"
                " nothing else you need to do.\n\n"
                "Messages about orders and answers from customer service still come when they are needed."
            ),
        ),
        "erase": Bilingual(
            ar=(
                "شكرًا على رسالتك.\n\n"
                "وصلنا طلب بالحذف، وسيراجعه أحد موظفينا. إذا كان لهذا العنوان حساب مؤكد لدينا، فستصل إليه رسالة تأكيد"
                " قبل تنفيذ أي شيء، ولا يُحذف شيء من غير هذا التأكيد.\n\n"
                "وإذا لم يكن الطلب منك، فلا حاجة إلى أي إجراء."
            ),
            en=(
                "Thank you for your message.\n\n"
                "We received a request to erase, and one of us will look at it. If this address has a confirmed account"
                " with us, a mail asking to confirm goes to it before anything is done; nothing is erased without"
                " it.\n\n"
                "If the request was not yours, there is nothing you need to do."
            ),
        ),
        "other": Bilingual(
            ar=(
                "شكرًا على رسالتك.\n\n"
                "وصلت إلى خدمة العملاء، وسيرد عليها أحد موظفينا باللغة التي كُتبت بها في أقرب وقت من ساعات العمل.\n\n"
                "لا داعي لإعادة إرسالها."
            ),
            en=(
                "Thank you for your message.\n\n"
                "It has reached customer service, and one of us will answer it in the language it was written in, as"
                " soon as working hours allow.\n\n"
                "There is no need to send it again."
            ),
        ),
    }
)
ANSWER_SUBJECT: Final = Bilingual(ar="رد خدمة العملاء على رسالتك", en="Customer service answers your message")


def acknowledgement(intent: str, *, language: Language) -> Words:
    """Return the automatic answer to a mail; it says nothing that only a known sender would be told."""
    kind = intent if intent in SUBJECTS else "other"
    body = BODIES[kind].in_(language)
    return Words(
        subject=SUBJECTS[kind].in_(language), paragraphs=(*body.split("\n\n"), _SIGNED.in_(language))
    )


def answer(text: str, *, language: Language) -> Words:
    """Return the words of an agent's answer; empty lines part its paragraphs."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    return Words(
        subject=ANSWER_SUBJECT.in_(language), paragraphs=tuple(part.strip() for part in parts if part.strip())
    )
