"""The words by which a mail's wish is recognised, normalised as `kernel.arabic` does, in both languages.

Patterns match one whole word. Arabic verbs are given by their root with the beginnings and ends that the Gulf
writes; a leading و or ف ("and", "so") is taken off before.
"""

import re
from re import Pattern

_ENDS = r"(?:و|وا|ون|ي|ين|لي|ولي|وه|وها|ه|ها|وهم|هم|ني|وني|نا|ونا|لنا|تو|توا|توه|توها|ت)?"


def _words(*patterns: str) -> Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _verbs(*roots: str) -> Pattern[str]:
    stem = "|".join(roots)
    return re.compile(rf"(?:ال|لل|ل|ب|بال)?[اتين]?(?:{stem}){_ENDS}")


# To erase; what is to be erased decides whether it is an account, an order or a place on a list.
ERASE = re.compile(
    _verbs("حذف", "مسح", "محو", "محي", "محا", "شيل", "شال", "زيل").pattern
    + r"|(?:ل|ب)?(?:ازال|الازال)(?:ه|ت|تي|ته|تها)?|(?:ل|ب)?ازيلو?ا?"
    + r"|(?:to)?(?:delete|erase|remove|wipe|destroy|purge|forget)|deleting|erasing|removing|deletion|erasure|removal"
)
# To close or cancel: an account by this is erased too, a subscription only ended.
CLOSE = re.compile(
    _verbs("قفل", "سكر", "غلق", "لغي", "لغ", "كنسل").pattern
    + r"|(?:ل|ب|ال)?(?:اغلاق|اقفال|الغاء?|تسكير|كنسل)(?:ه|ها)?|الغو?ا?|الغي|الغيت"
    + r"|(?:cancel|close|deactivate|terminate|disable|end)|cancelling|canceling|closing|cancellation|closure"
)
# Said of what was not done yet, a complaint is a wish: "why have you not deleted my account".
ERASE_PAST = _words(r"(?:حذف|مسح|محي|شل)تو\w*", r"(?:ما)?انحذف\w*", "deleted", "erased", "removed", "closed")
STOP = re.compile(
    _verbs("وقف", "بطل", "قطع").pattern
    + r"|(?:ل|ب|ال)?ايقاف(?:ها)?|بس(?:كم)?|كف(?:و|وا|ايه)|يكفي|كفايه|خلاص"
    + r"|(?:stop|quit|cease|halt|end|unsubscribe|mute|block|enough)|stopping"
)
# Alone these say it: no object is needed.
LEAVE = _words(
    "unsubscribe", "unsub", "unsubscribing", "optout", "opt-out", "desubscribe", "الغااشتراك", "انسبسكرايب"
)
SEND = re.compile(
    _verbs("رسل", "طرش", "راسل", "بعث", "تواصل", "دز", "زعج", "ازعج").pattern
    + r"|(?:تر|ير)اسلو?ن?ي?|(?:ال|ل|ب)?(?:ارسال|استقبال|استلام|مراسلتي|مراسله|ازعاجي|ارسالها)"
    + r"|(?:send|sending|email|e-mail|emailing|text|texting|message|messaging|contact|contacting"
    + r"|spam|spamming|receive|receiving|get|getting|bother|write|call)"
)
WANT = re.compile(
    r"(?:ا|ن)?ب(?:ي|غي|غا|غه|ى|يها|يكم)|(?:ا|ن)?بغيت|ودي|ودنا|[ان]ريد|اريدكم|[ان]رغب|[ان]حب|[ان]حتاج|[ان]بغي?|راغب(?:ه)?"
    r"|مهتم(?:ه)?|عايز(?:ه)?|يعجبني|يهمني"
    r"|(?:want|wanna|wish|need|like|interested|care|desire|subscribe)"
)
ACCOUNT = re.compile(
    r"(?:ال|ل|لل|ب|بال)?(?:حساب|عضوي|بيانات|معلومات|سجل|سجلات|ملف|بروفايل|اكاونت|ابليكيشن|داتا)"
    r"(?:ي|ه|ك|نا|تي|ات|اتي|ها|هم)?|عضويه|(?:my)?(?:account|accounts|data|information|info|details|profile|records?"
    r"|membership|registration)|forgotten"
)
# Somebody's name or number: theirs to be erased, unless it is only a place on a list.
WEAK = re.compile(
    r"(?:اسمي|رقمي|جوالي|موبايلي|ايميلي|بريدي|عنواني|رقم|ايميل|بريد|me|name|number|email|e-mail|address|phone)"
)
MESSAGE = re.compile(
    r"(?:ال|ل|لل|ب|بال|هال)?(?:رساله?|رسايل|رسالات|مسجات|مسج|اعلانات?|عروض|عرض|دعاي|دعايات|دعايه"
    r"|نشرات|نشره|نشرت|ايميلات|اخبار|تسويق|اشعارات|تنبيهات|سبام|ازعاج|واتساب|واتس|تخفيضات|ترويجيه|اعلانيه|تسويقيه)"
    r"(?:كم|ها|ك|هم|ات|اتكم|يه)?"
    r"|(?:messages?|emails?|e-mails?|mails?|texts?|sms|offers?|newsletters?|promotions?|promotional|promos?|ads?"
    r"|adverts?|advertis\w+|marketing|spam|whatsapp|notifications?|mailings?|news)"
)
LIST = re.compile(
    r"(?:ال|ل|لل|ب|بال)?(?:قايم|قوايم|لسته|ليست|اشتراك|اشتراكات|الاشتراك|جروب)(?:ه|ي|تكم|كم|ات|اتي|نا)?"
    r"|(?:lists?|mailinglist|subscriptions?|newsletters?|mailing)"
)
ORDER = re.compile(
    r"(?:ال|ل|لل|ب|بال)?(?:طلبي|طلبيه?|طلبيتي|طلبيات|طلبات|طلباتي|شحنه?|شحنتي|شحن|توصيل|مندوب|فاتوره?|فاتورتي"
    r"|استرجاع|ارجاع|استرداد|استبدال|مرتجع|مقاس|مقاسي|قميص|فستان|بضاعه|منتج|غرض|اغراضي|كوبون|دفع|اوردر)"
    r"|ارجع|ابدل|استرجع|استبدل"
    r"|(?:orders?|delivery|delivered|parcels?|shipments?|shipping|shipped|packages?|refunds?|returns?|exchange"
    r"|invoices?|receipts?|tracking|courier|purchase|bought|size|item|items)"
)
ORDER_NUMBER = re.compile(r"\d{4,}")
ORDER_SAID = _words("طلب", "الطلب", "اوردر", "order")
NOT = re.compile(
    r"لا|ما|مو|مب|مش|مهب|ماني|منب|مانب|مالي|بدون|دون|لم|لن|ولا|غير|ليس|لست|بلا|عدم"
    r"|not|no|dont|doesnt|didnt|wont|never|without|cannot|cant|cancel|nor|havent|hasnt|isnt|arent"
)
# "I cannot unsubscribe" wants to unsubscribe.
UNABLE = re.compile(
    r"[ان]?قدر(?:ت|نا)?|قادر(?:ه)?|[ان]?عرف(?:ت)?|عارف(?:ه)?|راضي|يرضي|مانع|able|can|cannot|cant|unable|couldnt|could|work"
    r"|works|working|know"
)
IF = _words("لو", "اذا", "ان", "if", "happens")
# Nouns that already say whom: "no writing to me".
TO_ME = _words("مراسلتي", "ازعاجي", "الازعاج", "التواصل")
# Asked again and again: "you still have not" is a wish however it is put.
STILL = _words("ليش", "ليه", "لماذا", "للحين", "الي", "الان", "why", "still", "yet")
AGAIN = _words("رجع\\w*", "اعاد\\w*", "resubscribe", "back", "again")
BUT = _words("بس", "لكن", "ولكن", "انما", "بل", "but", "just", "only", "instead", "فقط", "however", "please")
QUESTION = _words(
    "هل", "كم", "متي", "كيف", "وين", "اين", "فين", "شلون", "ليش", "ليه", "لماذا", "شنو", "شو", "ايش", "وش", "ماذا",
    "مين", "من وين", "عندكم", "what", "when", "how", "where", "which", "why", "who", "do", "does", "is", "are",
    "can", "could", "will",
)  # fmt: skip
ALONE = frozenset(
    {
        "stop", "unsubscribe", "وقف", "اوقف", "ايقاف", "الغا", "الغي", "remove", "end", "quit", "cancel",
        "الغا الاشتراك", "stop please", "please stop", "وقفوا", "خلاص", "opt out",
    }
)  # fmt: skip
LEAVE_PHRASES = (
    "opt out", "opt me out", "opting out", "take me off", "off your list", "off the list", "leave me alone",
    "no longer wish to receive", "no longer want to receive", "no more emails", "no more messages", "no more texts",
    "no more offers", "no more ads", "no more spam", "no more marketing", "no more promotions", "no more newsletters",
)  # fmt: skip
ERASE_PHRASES = (
    "right to be forgotten", "right to erasure", "gdpr erasure", "forget me", "forget everything", "delete me",
    "erase me", "delete everything", "erase everything", "حق النسيان", "الحق في النسيان", "كل شي عني",
    "كل ما لديكم عني", "كل اللي عندكم عني",
)  # fmt: skip
