"""The letters this room has sent, in both languages. They hold nobody's data."""

from dataclasses import astuple, dataclass
from hashlib import sha256
from uuid import UUID

from amana.customers.models import Letter
from amana.kernel.text import Bilingual
from amana.post import actions as post


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says; `link` is the gate's link that its button opens."""

    subject: Bilingual
    body: Bilingual
    reason: Bilingual
    label: Bilingual
    link: str


CONFIRMATION = Words(
    subject=Bilingual(ar="هل هذا العنوان لك؟", en="Is this your address?"),
    body=Bilingual(
        ar="مرحبًا،\n\n"
        "كُتب هذا العنوان في استبيان أحد متاجرنا. إن كان ذلك منك، فيُرجى تأكيده بالضغط على الزر."
        " ولن تصلك قبل ذلك"
        " أي عروض، حتى إن طُلبت.\n\n"
        "وإن لم يكن منك، فلا حاجة إلى فعل أي شيء: لن يتغيّر شيء لديك. ينتهي الرابط بعد سبعة أيام.",
        en="Hello,\n\n"
        "This address was written in the survey of one of our shops. If that was you, please"
        " confirm it with the"
        " button. Until then you will get no offers, even if they were asked for.\n\n"
        "If it was not you, there is nothing to do, and nothing changes for you. The link ends"
        " after seven days.",
    ),
    reason=Bilingual(
        ar="وصلتك هذه الرسالة لأن أحدًا كتب هذا العنوان لدينا.",
        en="You get this message because somebody wrote this address with us.",
    ),
    label=Bilingual(ar="تأكيد العنوان", en="Confirm the address"),
    link="confirm",
)

WEBSITE_CONFIRMATION = Words(
    subject=CONFIRMATION.subject,
    body=Bilingual(
        ar="مرحبًا،\n\n"
        "سُجّل هذا العنوان لحساب في موقعنا. إن كان الحساب لك، فيُرجى تأكيد العنوان بالضغط على الزر."
        " ولن تصلك قبل ذلك أي عروض، حتى إن طُلبت.\n\n"
        "وإن لم يكن لك، فلا حاجة إلى فعل أي شيء: لن يتغيّر شيء لديك. ينتهي الرابط بعد سبعة أيام.",
        en="Hello,\n\n"
        "This address was given for an account on our website. If the account is yours, please confirm the address"
        " with the button. Until then you will get no offers, even if they were asked for.\n\n"
        "If it is not, there is nothing to do, and nothing changes for you. The link ends after seven days.",
    ),
    reason=Bilingual(
        ar="وصلتك هذه الرسالة لأن هذا العنوان سُجّل لحساب في موقعنا.",
        en="You get this message because this address was given for an account on our website.",
    ),
    label=CONFIRMATION.label,
    link=CONFIRMATION.link,
)

PREFERENCES = Words(
    subject=Bilingual(ar="رابط تفضيلاتك", en="The link to your preferences"),
    body=Bilingual(
        ar="مرحبًا،\n\n"
        "من هذه الصفحة يمكنك اختيار ما يصلك منا وما لا يصلك، ومعرفة من استخدم بياناتك ولماذا، وتنزيل إيصال"
        " موافقاتك.\n\n"
        "الرابط خاص بك، فلا تعطه لأحد. وينتهي بعد تسعين يومًا.",
        en="Hello,\n\n"
        "On this page you choose what reaches you from us and what does not, see who used your"
        " data and why, and"
        " download the receipt of what you agreed to.\n\n"
        "The link is yours alone: please give it to nobody. It ends after ninety days.",
    ),
    reason=Bilingual(
        ar="وصلتك هذه الرسالة لأن أحدًا طلبها من صفحة التفضيلات. إن لم تطلبها، فيمكنك تجاهلها.",
        en="You get this message because it was asked for on the preferences page. If not by you,"
        " please ignore it.",
    ),
    label=Bilingual(ar="فتح تفضيلاتي", en="Open my preferences"),
    link="preferences",
)


SIGN_IN = Words(
    subject=Bilingual(ar="رابط تسجيل الدخول", en="Your link to sign in"),
    body=Bilingual(
        ar="مرحبًا، بضغطة على الزر يتم تسجيل دخولك، بلا كلمة مرور."
        " الرابط صالح لمدة 15 دقيقة ولمرة واحدة، ويُفضّل فتحه في المتصفح نفسه الذي طُلب منه.\n\n"
        "إن لم تطلبه، فيمكنك تجاهل هذه الرسالة: لن يدخل أحد إلى صفحتك من دونها. ولا تعطِ الرابط لأحد، ولا حتى"
        " لموظفينا.",
        en="Hello, the button signs you in, without a password."
        " The link holds for 15 minutes and once, and is best opened in the browser it was asked for in.\n\n"
        "If you did not ask for it, please ignore this message: nobody signs in without it. Give the link to nobody,"
        " not even to our staff.",
    ),
    reason=Bilingual(
        ar="وصلتك هذه الرسالة لأن أحدًا كتب عنوانك في صفحة تسجيل الدخول.",
        en="You get this message because your address was written on the sign-in page.",
    ),
    label=Bilingual(ar="تسجيل الدخول", en="Sign in"),
    link="sign_in",
)


def opt_in(asked: Bilingual) -> Words:
    """Return the letter that asks to confirm one wish, in the words of the policy."""
    return Words(
        subject=Bilingual(ar="خطوة أخيرة لتأكيد اختيارك", en="One last step to confirm your choice"),
        body=Bilingual(
            ar=f"مرحبًا،\n\nطُلب في صفحة تفضيلاتك ما يلي:\n\n«{asked.ar}»\n\n"
            "لن يبدأ ذلك إلا بعد تأكيدك. وإن لم يكن الطلب منك، فيمكنك تجاهل هذه الرسالة. ينتهي"
            " الرابط بعد سبعة أيام.",
            en=f"Hello,\n\nThis was asked for on your preferences page:\n\n“{asked.en}”\n\n"
            "It begins only once you confirm. If it was not you, please ignore this message. The"
            " link ends after"
            " seven days.",
        ),
        reason=Bilingual(
            ar="وصلتك هذه الرسالة لأن أحدًا غيّر اختيارًا في صفحة تفضيلاتك.",
            en="You get this message because a choice was changed on your preferences page.",
        ),
        label=Bilingual(ar="تأكيد اختياري", en="Confirm my choice"),
        link="opt_in",
    )


def lift(asked: Bilingual) -> Words:
    """Return the letter that asks to confirm that an objection or restriction is taken back."""
    return Words(
        subject=Bilingual(ar="خطوة أخيرة لتأكيد طلبك", en="One last step to confirm your request"),
        body=Bilingual(
            ar=f"مرحبًا،\n\nطُلب منا باسمك ما يلي:\n\n«{asked.ar}»\n\n"
            "لن يتغيّر شيء إلا بعد تأكيدك. وإن لم يكن الطلب منك، فيمكنك تجاهل هذه الرسالة. ينتهي"
            " الرابط بعد سبعة أيام.",
            en=f"Hello,\n\nWe were asked this in your name:\n\n“{asked.en}”\n\n"
            "Nothing changes until you confirm. If it was not you, please ignore this message. The"
            " link ends after seven days.",
        ),
        reason=Bilingual(
            ar="وصلتك هذه الرسالة لأن ذلك طُلب في صفحة تفضيلاتك أو من خدمة العملاء.",
            en="You get this message because it was asked on your preferences page or of customer service.",
        ),
        label=Bilingual(ar="تأكيد طلبي", en="Confirm my request"),
        link="opt_in",
    )


def content_of(words: Words) -> UUID:
    """Return the number under which the post room keeps these words; they are kept once."""
    digest = sha256(repr(astuple(words)).encode()).digest()
    known = Letter.objects.filter(digest=digest).values_list("content", flat=True).first()
    if known is not None:
        return known
    content = post.write(
        subject=words.subject, body=words.body, reason=words.reason, link=words.link, label=words.label
    )
    made, _ = Letter.objects.get_or_create(digest=digest, defaults={"content": content})
    return made.content
