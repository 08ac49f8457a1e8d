"""The few words the notice and the record of processing add to the policy's own."""

from collections.abc import Mapping
from types import MappingProxyType

from babel import Locale

from amana.kernel.text import Bilingual, Language
from amana.policy.document import Basis
from amana.policy.durations import Duration

BASES: Mapping[Basis, Bilingual] = MappingProxyType(
    {
        "consent": Bilingual(ar="بموافقتك", en="With your consent"),
        "contract": Bilingual(ar="لتنفيذ تعاملك معنا", en="To do what you ordered"),
        "legal_obligation": Bilingual(ar="يوجبه القانون", en="Required by law"),
        "legitimate_interest": Bilingual(ar="لمصلحة مشروعة", en="Legitimate interest"),
        "request": Bilingual(ar="بناءً على طلبك", en="At your request"),
    }
)

OR = Bilingual(ar=" أو ", en=" or ")
COMMA = Bilingual(ar="، ", en=", ")
SEMICOLON = Bilingual(ar="؛ ", en="; ")
DOT = Bilingual(ar=" · ", en=" · ")

USES = Bilingual(ar="المعلومات المستخدمة", en="Information used")
CHANNELS = Bilingual(ar="وسائل التواصل", en="Ways of reaching you")
ROLES = Bilingual(ar="من يطّلع عليها", en="Who sees it")
RECIPIENTS = Bilingual(ar="الجهات التي تعالجها", en="Who handles it")
GROUND = Bilingual(ar="الأساس في كل بلد", en="Ground in each place")
HOW_LONG = Bilingual(ar="المدة القصوى", en="At most for")
AGE = Bilingual(ar="الحد الأدنى للعمر", en="Minimum age")
SENSITIVE = Bilingual(ar="حساسة", en="Sensitive")
OUR_SITE = Bilingual(ar="موقعنا", en="Ours")
OTHERS_SITE = Bilingual(ar="موقع آخر", en="Another company")

FIGURES = Bilingual(ar="أرقام مجمّعة بلا هوية", en="Aggregate figures, without identity")
EVERYTHING_LISTED = Bilingual(ar="كل ما في الجدول", en="Everything in the table")
OWN_PSEUDONYM = Bilingual(ar="برمز بديل خاص بهذا الغرض وحده", en="under a stand-in made for this use alone")
ONE_DAY_ONLY = Bilingual(
    ar="من غير ربط زياراتك من يوم إلى آخر", en="without tying one day's visit to the next"
)
STOPPED_BY_SIGNAL = Bilingual(
    ar="توقفه إشارة الخصوصية العالمية (GPC)", en="stopped by the Global Privacy Control signal"
)
SIGNAL = Bilingual(ar="إشارة الخصوصية العالمية (GPC)", en="The Global Privacy Control signal")
SIGNAL_STOPS = Bilingual(ar="توقف، ولو سبقت موافقتك: ", en="It stops, even where you had agreed: ")
FROM_ACCOUNT = Bilingual(ar="بيانات حسابك", en="Details of your account")
SEALED = Bilingual(
    ar="تُحفظ مع سائر معلوماتك، لا مع زياراتك", en="kept with your other details, never with your visits"
)
FIGURES_ONLY = Bilingual(ar="أرقام مجمّعة فقط", en="Aggregate figures only")
WEBSITE_FIGURES = Bilingual(
    ar="قياس استخدام الموقع في أرقام مجمّعة", en="Measuring the use of the website in aggregate figures"
)
NO_IDENTITY = Bilingual(
    ar="بلا هوية ولا ملفات على الجهاز؛ يؤكده المستشار القانوني",
    en="No identity and nothing stored on the device; for counsel to confirm",
)

CHOSEN_ANSWERS = Bilingual(ar="ما تختاره أو تقيّمه", en="What you choose or rate")
UNFINISHED_ANSWERS = Bilingual(ar="استبيان لم يكتمل", en="A survey you did not finish")
SMALL_GROUPS = Bilingual(ar="النتائج", en="Results")
TABLETS = Bilingual(ar="جهاز المتجر بلا اتصال", en="The shop's tablet without a connection")
INVITATIONS = Bilingual(ar="الدعوة إلى استبيان", en="Invitations to a survey")
TOLD_BY_ACCIDENT = Bilingual(ar="قيل سهوًا", en="Told by accident")

RECORDED = (
    Bilingual(ar="ما يجري في الموقع", en="What happens on the site"),
    Bilingual(ar="ما يُسجَّل معه", en="What is recorded with it"),
    Bilingual(ar="الغرض", en="What for"),
)

LIST_WEBSITE = Bilingual(ar="كل ما يسجّله الموقع، والغرض منه", en="All that the site records, and what for")
LIST_SURVEYS = Bilingual(ar="ما مصير إجاباتي؟", en="What becomes of my answers")
LIST_CATEGORIES = Bilingual(
    ar="قائمة المعلومات ومصادرها ومدد حفظها", en="The list, with sources and how long each is kept"
)
LIST_SAFEGUARDS = Bilingual(ar="وسائل الحماية", en="The safeguards")
LIST_RECIPIENTS = Bilingual(ar="الجهات وبلدانها وضماناتها", en="The parties, their countries and safeguards")
LIST_DESTINATIONS = Bilingual(ar="المواقع التي نضع روابط إليها", en="The sites we link to")
LIST_AUTOMATIC = Bilingual(ar="قائمة ما يرسله المتصفح", en="What the browser sends")
LIST_RIGHTS = Bilingual(ar="الحقوق والمدد والجهات المختصة", en="Rights, time limits and authorities")
LIST_EVIDENCE = Bilingual(ar="ما نحفظه دليلًا، ومدة حفظه", en="What we keep as proof, and how long")


def country(code: str, language: Language) -> str:
    """Name a country (ISO 3166-1 alpha-2) by CLDR; the code itself where CLDR has none."""
    return str(Locale(language).territories.get(code, code))


def days_to_answer(days: int) -> Bilingual:
    """Say within how many days a request is answered."""
    written = Duration(0, days).words()
    return Bilingual(ar=f"الرد خلال {written.ar}", en=f"answered within {written.en}")


def with_consent(kept: Duration) -> Bilingual:
    """Say that something is kept so long, and only for whoever agreed."""
    written = kept.words()
    return Bilingual(
        ar=f"لا نحفظه إلا بموافقتك، ولمدة {written.ar}", en=f"kept only if you agree, for {written.en}"
    )


def fewer_than(count: int) -> Bilingual:
    """Say that nothing is shown of small groups."""
    return Bilingual(
        ar=f"أرقام مقرّبة، ولا يظهر منها ما يخص أقل من {count} إجابات",
        en=f"rounded figures; nothing is shown of fewer than {count} answers",
    )


def stale(after: Duration) -> Bilingual:
    """Say what a tablet does without a connection, and until when."""
    written = after.words()
    return Bilingual(
        ar=f"تُشفَّر إجاباتك عليه فلا تُقرأ إلا في أنظمتنا، ويتوقف عن جمعها إن لم تُحدَّث سياسته خلال {written.ar}",
        en="seals your answers so that only our systems read them,"
        f" and stops asking when its policy is {written.en} old",
    )


def at_most_each(between: Duration) -> Bilingual:
    """Say how often somebody is invited at most."""
    written = between.words()
    return Bilingual(
        ar=f"لمن وافق فقط، ومرة واحدة على الأكثر كل {written.ar}",
        en=f"only if you agreed, and at most once in {written.en}",
    )


def purged(after: Duration) -> Bilingual:
    """Say what happens to what was told by accident."""
    written = after.words()
    return Bilingual(
        ar=f"يُحجب فورًا ويُحذف بعد {written.ar}", en=f"kept back at once, deleted after {written.en}"
    )
