"""What people are told when the retailer's functions refuse."""

from amana.kernel.refusal import Refusal, register
from amana.kernel.text import Bilingual

register(
    "sign_in_refused",
    Bilingual(
        ar="البريد الإلكتروني أو كلمة المرور غير صحيحة. يُرجى التأكد منهما والمحاولة من جديد.",
        en="The e-mail address or the password is not right. Please check both and try again.",
    ),
    403,
)
register(
    "sign_in_limited",
    Bilingual(
        ar="محاولات كثيرة غير صحيحة. يمكن تسجيل الدخول من جديد بعد ١٥ دقيقة.",
        en="Too many wrong attempts. Signing in is possible again in 15 minutes.",
    ),
    429,
)
register(
    "session_unknown",
    Bilingual(
        ar="انتهت الجلسة. يُرجى تسجيل الدخول من جديد.",
        en="Your session has ended. Please sign in again.",
    ),
    403,
)
register(
    "session_isolation_refused",
    Bilingual(
        ar="تعذّر التحقق من الجلسة في هذه المعاملة.",
        en="A session cannot be checked in this kind of transaction.",
    ),
    403,
)
register(
    "password_change_needed",
    Bilingual(
        ar="يلزم اختيار كلمة مرور جديدة قبل المتابعة.",
        en="Please choose a password of your own before going on.",
    ),
    403,
)
register(
    "second_factor_needed",
    Bilingual(
        ar="يلزم رمز التحقق الثاني قبل المتابعة.",
        en="The code of your second factor is needed before going on.",
    ),
    403,
)
register(
    "second_factor_refused",
    Bilingual(
        ar="الرمز غير صحيح أو انتهى وقته. يُرجى كتابة الرمز الظاهر الآن في التطبيق.",
        en="The code is not right, or its time has passed. Please type the one your app shows now.",
    ),
    403,
)
register(
    "second_factor_used",
    Bilingual(
        ar="استُخدم هذا الرمز من قبل، وكل رمز لمرة واحدة. يُرجى انتظار الرمز التالي في التطبيق.",
        en="This code was used already, and each works once. Please wait for the next one in your app.",
    ),
    403,
)
register(
    "second_factor_limited",
    Bilingual(
        ar="رموز كثيرة غير صحيحة. تمكن المحاولة من جديد بعد ١٥ دقيقة، أو في الغد إن تكرر ذلك.",
        en="Too many wrong codes. Please try again in 15 minutes, or tomorrow if that was not the first time.",
    ),
    429,
)
register(
    "second_factor_exists",
    Bilingual(
        ar="لهذا الحساب تحقق ثانٍ مفعَّل. لنقله إلى جهاز آخر يُلغى أولًا ثم يُعَدّ من جديد.",
        en="This account has a second factor. To move it to another device, remove it first.",
    ),
    409,
)
register(
    "second_factor_missing",
    Bilingual(ar="ليس لهذا الحساب تحقق ثانٍ.", en="This account has no second factor."),
    409,
)
register(
    "second_factor_keyless",
    Bilingual(
        ar="مفتاح التحقق الثاني غير موجود على هذا الخادم.",
        en="The key of second factors is not on this server.",
    ),
    503,
)
register(
    "role_missing",
    Bilingual(ar="دورك لا يشمل هذا الإجراء.", en="Your role does not include this."),
    403,
)
register(
    "own_account",
    Bilingual(
        ar="لا يمكن لأحد تغيير أدواره أو إيقاف حسابه بنفسه. هذا من شأن مسؤول نظام آخر.",
        en="Nobody changes their own roles or closes their own account. Another administrator does that.",
    ),
    403,
)
register(
    "staff_exists",
    Bilingual(
        ar="يوجد حساب موظف بهذا البريد الإلكتروني.",
        en="There is already a staff account with this e-mail address.",
    ),
    409,
)
register("staff_unknown", Bilingual(ar="لا يوجد حساب موظف كهذا.", en="There is no such staff account."), 404)
register(
    "role_unknown",
    Bilingual(
        ar="السياسة المعمول بها لا تعرف هذا الدور.",
        en="The running policy does not know this role.",
    ),
)
register(
    "role_not_limitable",
    Bilingual(
        ar="أحد الأدوار المختارة يشمل جميع المتاجر ولا يمكن حصره في متاجر بعينها.",
        en="One of the chosen roles covers all shops and cannot be limited to some.",
    ),
)
register("shop_unknown", Bilingual(ar="لا يوجد متجر كهذا.", en="There is no such shop."), 404)
register(
    "jurisdiction_undeclared",
    Bilingual(
        ar="ملف العلامة يذكر نطاقًا قانونيًا لا تعلنه السياسة المعمول بها.",
        en="The brand file names a jurisdiction the running policy does not declare.",
    ),
)
register(
    "brand_missing",
    Bilingual(ar="لم تُحمَّل بيانات العلامة التجارية بعد.", en="No brand has been loaded yet."),
    503,
)
register(
    "password_too_short",
    Bilingual(
        ar="كلمة المرور أقصر من ١٥ حرفًا. بضع كلمات لا يجمعها معنى تكفي وتُحفظ بسهولة.",
        en="The password has fewer than 15 characters. A few unrelated words are enough.",
    ),
)
register(
    "password_too_common",
    Bilingual(
        ar="كلمة المرور هذه شائعة أو متكررة أو تحوي البريد الإلكتروني، فيسهل تخمينها.",
        en="This password is common, repetitive or contains your e-mail address, so it is easy to guess.",
    ),
)
BRAND_FILE_WRONG = register(
    "brand_file_wrong",
    Bilingual(ar="في ملف العلامة خطأ.", en="There is a mistake in the brand file."),
)


class BrandFileWrong(Refusal):
    """Refuse a brand file, naming the file, the line and the field."""

    def __init__(self, where: str, what: Bilingual) -> None:
        super().__init__(BRAND_FILE_WRONG, Bilingual(ar=f"{where}: {what.ar}", en=f"{where}: {what.en}"))

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, Bilingual, int]]:  # type: ignore[override]
        assert isinstance(self.message, Bilingual)
        return Refusal, (self.code, self.message, self.status)
