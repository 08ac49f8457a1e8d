"""What the mails about a request say, in both languages. They name nobody."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from amana.kernel import clock, dates
from amana.kernel.text import Bilingual, Language
from amana.post.letters import Words

CHALLENGE_SUBJECT = Bilingual(
    ar="هل هذا الطلب منك؟ تأكيد حذف الحساب", en="Was it you? Please confirm that your account is to be erased"
)
CHALLENGE_BODY = Bilingual(
    ar=(
        "مرحبًا،\n\n"
        "وصلنا طلب بحذف حسابك لدينا وكل ما نحفظه عنك. لا ننفّذ طلبًا كهذا قبل أن يؤكده صاحب هذا العنوان.\n\n"
        "إذا كان الطلب منك، فالتأكيد من الزر أدناه خلال 24 ساعة. بعد الحذف لا يمكن استرجاع أي شيء: لا الطلبات"
        " السابقة ولا النقاط ولا الموافقات.\n\n"
        "وإذا لم يكن منك، فلا حاجة إلى أي إجراء: يسقط الطلب من تلقاء نفسه ويبقى كل شيء على حاله."
    ),
    en=(
        "Hello,\n\n"
        "We were asked to erase your account and everything we keep about you. We do no such thing before the"
        " owner of this address has confirmed it.\n\n"
        "If it was you, please confirm by the button below within 24 hours. What is erased cannot be brought"
        " back: no past orders, no points, no consents.\n\n"
        "If it was not you, there is nothing to do: the request lapses and everything stays as it is."
    ),
)
CHALLENGE_REASON = Bilingual(
    ar="وصلتك هذه الرسالة لأن طلبًا بالحذف ورد إلى خدمة العملاء باسم هذا العنوان.",
    en="You received this because customer service got a request to erase in the name of this address.",
)
CHALLENGE_LABEL = Bilingual(ar="مراجعة الطلب وتأكيده", en="Review and confirm")

DONE_SUBJECT = Bilingual(ar="تم حذف بياناتك: الشهادة", en="Your data has been erased: the certificate")
DONE_BODY = Bilingual(
    ar=(
        "مرحبًا،\n\n"
        "حُذف حسابك وكل ما كنا نحفظه عنك، وأُتلف المفتاح الذي كانت بياناتك مشفّرة به.\n\n"
        "رقم شهادتك: {number}\n\n"
        "الشهادة لا تحمل اسمك ولا عنوانك. يُستحسن الاحتفاظ بهذه الرسالة: هي آخر رسالة منا، ولم يعد لدينا"
        " عنوانك لنرسل غيرها."
    ),
    en=(
        "Hello,\n\n"
        "Your account and everything we kept about you has been erased, and the key that your data was"
        " encrypted with has been destroyed.\n\n"
        "The number of your certificate: {number}\n\n"
        "The certificate bears neither your name nor your address. Please keep this mail: it is our last"
        " one, as we no longer have your address."
    ),
)
DONE_LABEL = Bilingual(ar="عرض الشهادة", en="View the certificate")


def done(number: str, *, language: Language, url: str) -> Words:
    """Return the words of the mail that hands a certificate over."""
    body = DONE_BODY.in_(language).replace("{number}", number)
    return Words(
        subject=DONE_SUBJECT.in_(language),
        paragraphs=tuple(body.split("\n\n")),
        label=DONE_LABEL.in_(language),
        link="address",
        address=url,
    )


EXTENSION_SUBJECT = Bilingual(ar="طلبك بحذف بياناتك: موعد جديد", en="Your request to be erased: a later day")
EXTENSION_REASONS: Final[Mapping[str, Bilingual]] = {
    "complex": Bilingual(
        ar="لأن تنفيذ هذا الطلب يتطلب جهدًا أكبر من المعتاد", en="it takes unusual effort to carry out"
    ),
    "many": Bilingual(ar="لكثرة الطلبات الواردة منك", en="you have made many requests"),
}
EXTENSION_BODY = Bilingual(
    ar=(
        "مرحبًا،\n\n"
        "تلقّينا تأكيدك لطلب حذف حسابك، ونحتاج إلى وقت أطول لتنفيذه، {reason}.\n\n"
        "آخر موعد للتنفيذ الآن: {day}، ولا يُمدَّد مرة أخرى. ولا حاجة إلى أي إجراء من جانبك."
    ),
    en=(
        "Hello,\n\n"
        "You confirmed your request to have your account erased. We need more time to carry it out,"
        " because {reason}.\n\n"
        "It will be done by {day} at the latest, and this day is not moved again. There is nothing for you to do."
    ),
)


def extension(reason: str, until: datetime, *, country: str) -> Bilingual:
    """Return the words of the mail that says why a request takes longer, and until which day."""
    day = until.astimezone(clock.zone(country)).date()

    def said(language: Language) -> str:
        written = dates.long_date(day, country=country, language=language)
        why = EXTENSION_REASONS[reason].in_(language)
        return EXTENSION_BODY.in_(language).replace("{reason}", why).replace("{day}", written)

    return Bilingual(ar=said("ar"), en=said("en"))
