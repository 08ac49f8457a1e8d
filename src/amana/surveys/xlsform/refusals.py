"""Why a file is not read as a survey, in both languages, with the place where it is wrong."""

from typing import Final

from amana.kernel.refusal import Refusal, get_registered, register
from amana.kernel.text import Bilingual

UNREADABLE: Final = register(
    "form_file_unreadable",
    Bilingual(
        ar="تعذّرت قراءة هذا الملف. المطلوب ملف Excel بصيغة ‎.xlsx أو ملف JSON صُدِّر من هنا.",
        en="This file cannot be read. An Excel file (.xlsx), or a JSON file exported here, is needed.",
    ),
    422,
)
OLD: Final = register(
    "form_file_old",
    Bilingual(
        ar="هذا الملف بصيغة Excel قديمة أو محمي بكلمة مرور. يُرجى حفظه بصيغة ‎.xlsx من دون كلمة مرور.",
        en="This is an old Excel file or one with a password. Please save it as .xlsx without a password.",
    ),
    422,
)
MACROS: Final = register(
    "form_file_macros",
    Bilingual(
        ar="في هذا الملف برامج (ماكرو)، فلم يُقرأ. يُرجى حفظه بصيغة ‎.xlsx التي لا تحملها.",
        en="This file carries macros and was not read. Please save it as .xlsx, which has none.",
    ),
    422,
)
LARGE: Final = register(
    "form_file_large",
    Bilingual(
        ar="الملف أو محتواه أكبر مما يُقبل لاستبيان واحد.",
        en="The file, or what is packed in it, is larger than is accepted for one survey.",
    ),
    413,
)
SHEET: Final = register(
    "form_file_sheet",
    Bilingual(
        ar="تنقص ورقة أو عمود لا بد منه.",
        en="A sheet or column that has to be there is missing.",
    ),
    422,
)
FORMULA: Final = register(
    "form_file_formula",
    Bilingual(
        ar="في هذه الخلية معادلة، والمطلوب ما كُتب لا ما حُسب. يُرجى لصقه قيمةً.",
        en="This cell holds a formula; what is written is needed, not what is computed. Please paste it as a value.",
    ),
    422,
)
NO_TEXT: Final = register(
    "form_file_cell",
    Bilingual(
        ar="في هذه الخلية تاريخ أو خطأ من Excel حيث يلزم نص. يُرجى تنسيقها نصًا وكتابتها من جديد.",
        en="This cell holds a date or an error where a text is needed. Please format it as text and write it again.",
    ),
    422,
)
LONG: Final = register(
    "form_file_cell_long",
    Bilingual(ar="النص في هذه الخلية أطول مما يُقبل.", en="The text in this cell is longer than is accepted."),
    422,
)
GROUPS: Final = register(
    "form_file_groups",
    Bilingual(
        ar="مجموعة تبدأ ولا تنتهي، أو تنتهي ولم تبدأ.",
        en="A group begins and does not end, or ends and never began.",
    ),
    422,
)


class FormRefused(Refusal):
    """What was sent is no survey that can be read; the message says where."""


def refused(code: str, place: str = "") -> FormRefused:
    """Return the refusal of a code, with the cell or sheet it is about."""
    told = get_registered(code)
    where = f"{place}: " if place else ""
    message = Bilingual(ar=f"{where}{told.message.ar}", en=f"{where}{told.message.en}")
    return FormRefused(told.code, message, told.status)
