"""The letters that invite to a survey, in both languages. They hold nobody's data."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from amana.kernel.text import Bilingual
from amana.post import actions as post

SUBJECTS: Final[Mapping[str, Bilingual]] = {
    "purchase": Bilingual(ar="كيف وجدت ما اشتريته؟", en="How is what you bought?"),
    "conversation": Bilingual(ar="هل انتهى الأمر كما تريد؟", en="Did it end as you wanted?"),
}
BODIES: Final[Mapping[str, Bilingual]] = {
    "purchase": Bilingual(
        ar="مرحبًا {name}،\n\n"
        "اشتريت منا قبل أيام، ونودّ أن نعرف رأيك فيما اشتريته. دقيقتان تكفيان.\n\n"
        "الرابط واحد لكل من دُعي: لا نعرف من أجاب ما لم يذكر ذلك بنفسه.",
        en="Hello {name},\n\n"
        "You bought from us a few days ago, and we would like to know what you think of it. Two minutes are enough.\n\n"
        "The link is the same for everybody who is asked: we do not know who answered unless they say so themselves.",
    ),
    "conversation": Bilingual(
        ar="مرحبًا {name}،\n\n"
        "كتبت إلى خدمة العملاء قبل أيام، ونودّ أن نعرف كيف كان تعاملنا معك. دقيقتان تكفيان.\n\n"
        "الرابط واحد لكل من دُعي: لا نعرف من أجاب ما لم يذكر ذلك بنفسه.",
        en="Hello {name},\n\n"
        "You wrote to our customer service a few days ago, and we would like to know how we did. Two minutes are"
        " enough.\n\n"
        "The link is the same for everybody who is asked: we do not know who answered unless they say so themselves.",
    ),
}
REASON: Final = Bilingual(
    ar="وصلتك هذه الدعوة لأنك سمحت لنا بسؤالك عن رأيك. ولك أن تعترض على استبيانات الرأي كلها.",
    en="You get this invitation because you allowed us to ask what you think. You may object to all such surveys.",
)
LABEL: Final = Bilingual(ar="الإجابة عن الأسئلة", en="Answer the questions")


def write(occasion: str, address: str) -> UUID:
    """Keep an invitation's words with its link, and return their number."""
    return post.write(
        subject=SUBJECTS[occasion],
        body=BODIES[occasion],
        reason=REASON,
        link="address",
        label=LABEL,
        address=address,
    )
