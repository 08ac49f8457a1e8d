"""What is said of each thing that cannot be carried over."""

from typing import Final

from amana.kernel.text import Bilingual

# From a workbook to a survey.
HEADING: Final = Bilingual(
    ar="لم يُنقل العمود «{}»، وفيه {} من الخلايا المكتوبة.",
    en="The column “{}” is not carried over; {} of its cells are filled.",
)
LANGUAGE: Final = Bilingual(
    ar="لم يُنقل العمود «{}»: الاستبيانات هنا بالعربية والإنجليزية.",
    en="The column “{}” is not carried over: surveys here are in Arabic and English.",
)
REPEATED: Final = Bilingual(
    ar="العمود «{}» مكرر، ونُقل الأول وحده.",
    en="The column “{}” stands twice; only the first is carried over.",
)
OTHER_SHEET: Final = Bilingual(ar="لم تُنقل هذه الورقة.", en="This sheet is not carried over.")
SETTING: Final = Bilingual(ar="لم يُنقل الإعداد «{}»: «{}».", en="The setting “{}” is not carried over: “{}”.")
COLUMN: Final = Bilingual(
    ar="في «{}» لم تُنقل خلية العمود «{}»: «{}».", en="Of “{}”, the column “{}” is not carried over: “{}”."
)
TYPE: Final = Bilingual(
    ar="لم يُنقل «{}»: لا مثيل هنا للنوع «{}».", en="“{}” is not carried over: there is no “{}” here."
)
NO_TYPE: Final = Bilingual(ar="سطر بلا نوع لم يُنقل.", en="A row without a type is not carried over.")
OFF: Final = Bilingual(
    ar="لم يُنقل «{}» لأنه معطّل في الملف.", en="“{}” is disabled in the file and not carried over."
)
REPEAT: Final = Bilingual(
    ar="لم يُنقل «{}»: لا تتكرر المجموعات هنا. وفيه: {}.",
    en="“{}” is not carried over: groups do not repeat here. It holds: {}.",
)
ACKNOWLEDGED: Final = Bilingual(
    ar="صار «{}» ملاحظة تُقرأ؛ فالموافقات هنا كلماتها من سياسة الخصوصية وحدها.",
    en="“{}” became a note to read; consents here are worded by the privacy policy alone.",
)
FLAT: Final = Bilingual(
    ar="المجموعة «{}» صارت جزءًا من القسم الذي هي فيه.", en="The group “{}” became part of its section."
)
GROUP_COLUMN: Final = Bilingual(
    ar="في المجموعة «{}» لم تُنقل خلية العمود «{}»: «{}».",
    en="Of the group “{}”, the column “{}” is not carried over: “{}”.",
)
RENAMED: Final = Bilingual(ar="الاسم «{}» صار «{}».", en="The name “{}” became “{}”.")
RULE: Final = Bilingual(
    ar="في «{}» لم يُنقل شرط العمود «{}»: «{}».", en="Of “{}”, the rule in “{}” is not carried over: “{}”."
)
AMBIGUOUS: Final = Bilingual(
    ar="يقارن بخيار تغيّر اسمه.", en="It compares with a choice whose name was changed."
)
PIPED: Final = Bilingual(
    ar="في «{}» نص يذكر إجابة لم تُنقل: «{}».",
    en="A text of “{}” quotes an answer that is not carried over: “{}”.",
)
APPEARANCE: Final = Bilingual(
    ar="في «{}» لم يُنقل الشكل «{}».", en="Of “{}”, the appearance “{}” is not carried over."
)
PARAMETER: Final = Bilingual(
    ar="في «{}» لم تُنقل الخاصية «{}».", en="Of “{}”, the parameter “{}” is not carried over."
)
OTHER: Final = Bilingual(
    ar="في «{}» لم يُنقل خيار «غير ذلك» مع نصه.",
    en="Of “{}”, the choice “other” with its text is not carried over.",
)
NO_LIST: Final = Bilingual(
    ar="«{}» بلا خيارات: لا قائمة باسم «{}».", en="“{}” has no choices: there is no list “{}”."
)
LONG_LIST: Final = Bilingual(
    ar="«{}» بلا خيارات: قائمة «{}» أطول مما يُقبل.",
    en="“{}” has no choices: the list “{}” is longer than is accepted.",
)
UNUSED: Final = Bilingual(
    ar="القائمة «{}» لا يستخدمها سؤال، فلم تُنقل.",
    en="No question uses the list “{}”; it is not carried over.",
)
TWICE: Final = Bilingual(
    ar="الخيار «{}» مكرر في القائمة «{}»، ونُقل الأول وحده.",
    en="The choice “{}” stands twice in the list “{}”; only the first is carried over.",
)
NAMELESS: Final = Bilingual(
    ar="خيار بلا قائمة أو بلا اسم لم يُنقل.", en="A choice without a list or a name is not carried over."
)
WHOLE: Final = Bilingual(ar="يُرجى كتابة عدد صحيح.", en="Please write a whole number.")

# From a survey to a workbook.
HERE_ONLY: Final = Bilingual(
    ar="لم يُكتب «{}»: كلماته وبياناته مرتبطة بسياسة الخصوصية هنا، ولا معنى لها في برنامج آخر.",
    en="“{}” is not written: its words and categories are the privacy policy's here, and mean nothing elsewhere.",
)
NOT_HELD: Final = Bilingual(
    ar="لا مكان له في XLSForm فلم يُكتب: {} («{}»).",
    en="Not written, as XLSForm has no place for it: {} (“{}”).",
)
NO_ROWS: Final = Bilingual(
    ar="لم يُكتب «{}»، فهو جدول بلا صفوف بعد.", en="“{}” is not written: a table that has no rows yet."
)
ONLY_MARKED: Final = Bilingual(
    ar="كُتب نوعه ({}) علامةً تُقرأ هنا؛ وتعرضه البرامج الأخرى {}.",
    en="Its kind ({}) is written as a mark that is read here; other programs show {}.",
)
LOST_RULE: Final = Bilingual(ar="لم يُكتب الشرط «{}» ({}).", en="The rule “{}” ({}) is not written.")
LEFT_OUT: Final = Bilingual(
    ar="لم يُكتب الشرط «{}» ({})، لأنه يعتمد على سؤال لا يُسأل عنه هناك: «{}».",
    en="The rule “{}” ({}) is not written, because it relies on a question that cannot be referred to there: “{}”.",
)
LOST_PIPE: Final = Bilingual(
    ar="في نص «{}» إجابة لا تُذكر هناك: «{}».",
    en="The text of “{}” quotes an answer that cannot be quoted there: “{}”.",
)

# What parts of a survey are called.
PARTS: Final = {
    "about": Bilingual(ar="ما تُحسب له الإجابة في التقارير", en="what an answer counts as in reports"),
    "alert": Bilingual(ar="شرط التنبيه", en="the condition of an alert"),
    "category": Bilingual(ar="بند سياسة الخصوصية", en="the category of the privacy policy"),
    "channel": Bilingual(ar="وسيلة الموافقة", en="the channel of a consent"),
    "choices": Bilingual(ar="الخيارات", en="choices"),
    "constraint": Bilingual(ar="شرط صحة الإجابة", en="the rule an answer keeps to"),
    "ends": Bilingual(ar="معنى طرفي المقياس", en="what the ends of a scale mean"),
    "exclusive": Bilingual(ar="كون الخيار وحيدًا", en="that a choice stands alone"),
    "fields": Bilingual(ar="بيانات التواصل", en="the fields of a contact"),
    "hint": Bilingual(ar="التوضيح", en="the hint"),
    "keeps_unfinished": Bilingual(ar="حفظ ما لم يكتمل", en="that unfinished answers are kept"),
    "least": Bilingual(ar="الحد الأدنى", en="the least"),
    "message": Bilingual(ar="رسالة الشرط", en="the message of a rule"),
    "most": Bilingual(ar="الحد الأقصى", en="the most"),
    "purpose": Bilingual(ar="غرض الموافقة", en="the purpose of a consent"),
    "quota": Bilingual(ar="الحصة", en="a quota"),
    "required": Bilingual(ar="وجوب الإجابة", en="that an answer is needed"),
    "rows": Bilingual(ar="الصفوف", en="rows"),
    "shuffled": Bilingual(ar="خلط الترتيب", en="a shuffled order"),
    "steps": Bilingual(ar="عدد الدرجات", en="the number of steps"),
}
KINDS: Final = {
    "csat": Bilingual(ar="رضا من 1 إلى 5", en="satisfaction from 1 to 5"),
    "email": Bilingual(ar="بريد إلكتروني", en="an e-mail address"),
    "phone": Bilingual(ar="رقم هاتف", en="a phone number"),
    "smiley": Bilingual(ar="وجوه", en="faces"),
}
ELSEWHERE: Final = {
    "range": Bilingual(ar="مقياسًا من 1 إلى 5", en="a range from 1 to 5"),
    "text": Bilingual(ar="نصًا", en="a text"),
}
