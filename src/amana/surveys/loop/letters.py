"""What is mailed about cases: notices to staff, which name no customer, and the frame around a reply."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from amana.kernel.text import Bilingual, Language
from amana.post.letters import Words

Notice: TypeAlias = Literal["opened", "escalated", "assigned"]

SUBJECTS: Final[Mapping[Notice, Bilingual]] = {
    "opened": Bilingual(ar="زائر لم يكن راضيًا: {shop}", en="A visitor was not satisfied: {shop}"),
    "escalated": Bilingual(ar="حالة رُفعت إلى الإدارة: {shop}", en="A case came up to head office: {shop}"),
    "assigned": Bilingual(ar="حالة أُسندت إليك: {shop}", en="A case was given to you: {shop}"),
}
BODIES: Final[Mapping[Notice, Bilingual]] = {
    "opened": Bilingual(
        ar="أجاب زائر عن الاستبيان ولم يكن راضيًا، وسمح لنا بالاستفادة من رأيه.\n\n"
        "آخر موعد للرد: {due}.\n\nالتفاصيل في صفحة الحالة فقط، ولا تتضمن هذه الرسالة شيئًا عنه.",
        en="A visitor answered the survey, was not satisfied, and lets us make use of what they said.\n\n"
        "An answer is due by {due}.\n\nThe details are on the page of the case alone; this mail says nothing of them.",
    ),
    "escalated": Bilingual(
        ar="لم تُحسم هذه الحالة في المتجر، فرُفعت إلى الإدارة الرئيسية.\n\nكان آخر موعد للرد: {due}.",
        en="This case was not settled in the shop and came up to head office.\n\nAn answer was due by {due}.",
    ),
    "assigned": Bilingual(
        ar="أسند إليك أحد الزملاء هذه الحالة.\n\nآخر موعد للرد: {due}.",
        en="A colleague gave this case to you.\n\nAn answer is due by {due}.",
    ),
}
OPEN: Final = Bilingual(ar="فتح صفحة الحالة", en="Open the case")

SUBJECT: Final = Bilingual(ar="بخصوص زيارتك لمتجرنا في {shop}", en="About your visit to {shop}")
SUBJECT_NOWHERE: Final = Bilingual(ar="بخصوص ما كتبته لنا", en="About what you told us")
REASON: Final = Bilingual(
    ar="وصلتك هذه الرسالة لأنك طلبت أن نتواصل معك بشأن رأيك. وليس فيها أي عرض.",
    en="You get this because you asked us to contact you about what you told us. It brings no offers.",
)
# What stands for the customer's name where a reply is looked at before it leaves.
NAME_SHOWN: Final = Bilingual(ar="(اسم العميل)", en="(the customer's name)")
PREFERENCES: Final = Bilingual(ar="تغيير ما نراسلك بشأنه", en="Change what we write to you about")

# What a reply may begin with. What stands in square brackets has to be written before it leaves.
STARTS: Final[Mapping[str, tuple[Bilingual, Bilingual]]] = {
    "sorry": (
        Bilingual(ar="اعتذار وما فعلناه", en="Sorry, and what we did"),
        Bilingual(
            ar="مرحبًا {name}،\n\nشكرًا لصراحتك، ونعتذر عمّا حدث في زيارتك.\n\n"
            "هذا ما فعلناه بعد أن قرأنا ما كتبته: [ما الذي تغيّر].\n\nنرحب بك في أي وقت.",
            en="Hello {name},\n\nThank you for being frank, and we are sorry for what happened on your visit.\n\n"
            "Since we read it, this is what we did: [what has changed].\n\nYou are welcome at any time.",
        ),
    ),
    "missing": (
        Bilingual(ar="منتج أو مقاس لم يكن متوفرًا", en="Something was not in stock"),
        Bilingual(
            ar="مرحبًا {name}،\n\nشكرًا لإخبارنا بما لم تجده في المتجر.\n\n"
            "سألنا عنه، والجواب: [متى يتوفر، أو أين].\n\nنرحب بك في أي وقت.",
            en="Hello {name},\n\nThank you for telling us what you did not find in the shop.\n\n"
            "We asked, and this is the answer: [when it comes, or where it is].\n\nYou are welcome at any time.",
        ),
    ),
    "more": (
        Bilingual(ar="سؤال لفهم ما حدث", en="A question, to understand"),
        Bilingual(
            ar="مرحبًا {name}،\n\nشكرًا لإخبارنا بما حدث. نريد أن نعالجه كما ينبغي، وينقصنا أمر واحد:\n\n"
            "[السؤال]\n\nيكفي الرد على هذه الرسالة.",
            en="Hello {name},\n\nThank you for telling us what happened. We want to put it right, and need one thing"
            " for that:\n\n[the question]\n\nJust answer this mail.",
        ),
    ),
}


def notice(kind: Notice, *, language: Language, shop: str, due: str, address: str) -> Words:
    """Return a mail to staff that something waits. It holds the shop's name, a time and a link."""
    return Words(
        subject=SUBJECTS[kind].in_(language).format(shop=shop),
        paragraphs=tuple(BODIES[kind].in_(language).format(due=due).split("\n\n")),
        label=OPEN.in_(language),
        link="address",
        address=address,
    )


def reply(text: str, *, language: Language, shop: Bilingual | None) -> Words:
    """Return a reply as it is mailed; `{name}` still stands where the customer's name goes."""
    subject = SUBJECT.in_(language).format(shop=shop.in_(language)) if shop else SUBJECT_NOWHERE.in_(language)
    written = text.replace("\r\n", "\n").split("\n\n")
    return Words(
        subject=subject,
        paragraphs=tuple(part.strip() for part in written if part.strip()),
        reason=REASON.in_(language),
        label=PREFERENCES.in_(language),
        link="preferences",
    )
