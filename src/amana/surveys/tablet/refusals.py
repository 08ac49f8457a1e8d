"""Why a tablet could not be changed, in both languages."""

from typing import Final

from amana.kernel.refusal import register
from amana.kernel.text import Bilingual

UNKNOWN: Final = register(
    "tablet_unknown",
    Bilingual(ar="لا يوجد جهاز لوحي بهذا الرقم بين أجهزتك.", en="There is no such tablet among yours."),
    404,
)
REVOKED: Final = register(
    "tablet_revoked",
    Bilingual(
        ar="أُلغي تسجيل هذا الجهاز ولا يعود. يمكن تسجيله جهازًا جديدًا برمز جديد.",
        en="This tablet's enrolment was revoked for good. It can be enrolled as a new one with a new code.",
    ),
    409,
)
SHOP: Final = register(
    "tablet_shop_not_yours",
    Bilingual(ar="لا يشمل دورك هذا الفرع.", en="Your role does not include this shop."),
    403,
)
