"""A form made elsewhere becomes a draft here; what does not is listed by name."""

from typing import Any

import pytest

from amana.surveys.definition.problems import DefinitionInvalid
from amana.surveys.xlsform import reading
from amana.surveys.xlsform.losses import Loss
from tests.surveys.xlsform.books import SURVEY, book, survey

COLUMNS = ["type", "name", "label::Arabic (ar)", "label::English (en)", "hint::English (en)", "required", "relevant",
           "constraint", "constraint_message::Arabic (ar)", "constraint_message::English (en)", "appearance",
           "parameters", "default", "calculation", "label::French (fr)", "Notes of ours"]  # fmt: skip
CHOICES: list[list[object]] = [
    ["list_name", "name", "label::Arabic (ar)", "label::English (en)", "image"],
    ["yn", "Yes", "نعم", "Yes"],
    ["yn", "No", "لا", "No"],
    ["rate", 1, "سيئ", "Bad"],
    ["rate", 2, "جيد", "Good", "good.png"],
    ["rate", 2, "جيد", "Good again"],
    ["many", "a", "أ", "A"],
    ["many", "none", "لا شيء", "None"],
    ["spare", "x", "س", "X"],
]


def row(type_: str, name: str, ar: str = "", en: str = "", **more: object) -> list[object]:
    """Return a row of questions under `COLUMNS`."""
    cells = {"type": type_, "name": name, "label::Arabic (ar)": ar, "label::English (en)": en}
    named = {
        "hint": "hint::English (en)",
        "message_ar": "constraint_message::Arabic (ar)",
        "message_en": "constraint_message::English (en)",
        "french": "label::French (fr)",
        "notes": "Notes of ours",
    }
    cells |= {named.get(key, key): value for key, value in more.items()}  # type: ignore[misc]
    return [cells.get(column) for column in COLUMNS]


FORM = survey(
    COLUMNS,
    row("start", "start"),
    row("begin group", "Visit 1", "زيارتك", "Your visit", relevant="true()", appearance="field-list"),
    row("select_one yn", "Came-Before", "زرتنا؟", "Been here?", required="TRUE", appearance="minimal"),
    row("select_multiple many", "why", "لماذا؟", "Why?", relevant="${Came-Before} = 'Yes'",
        parameters="randomize=true seed=5",
        constraint="not(selected(., 'none') and count-selected(.) > 1) and count-selected(.) <= 2",
        message_ar="اثنان على الأكثر", message_en="Two at most"),
    row("integer", "age", "عمرك", "Age", constraint=". >= 18 and . <= 120", hint="In years", required="${why} != ''"),
    row("begin_group", "inner", "تفاصيل", "Details", relevant="${age} > 20"),
    row("date", "when", "متى؟", "When?", constraint=". <= today() and . >= date('2020-01-01')", default="2026-01-01"),
    row("text", "words", "كلماتك", "You said ${age} and ${start}", appearance="multiline", relevant="${when} != ''"),
    row("end_group", ""),
    row("begin_group", "care", "عنايتنا", "Our care", appearance="table-list"),
    row("select_one rate", "care_staff", "الموظفون", "Staff", required="yes"),
    row("select_one rate", "care_till", "الصندوق", "Till", required="yes"),
    row("end_group", ""),
    row("end group", "Visit 1"),
    row("range", "nps", "تنصح؟", "Recommend?", parameters="start=0 end=10 step=1"),
    row("range", "stars", "نجوم", "Stars", parameters="start=1;end=7;step=1", appearance="rating"),
    row("range", "cm", "سم", "cm", parameters="start=10, end=90, step=5"),
    row("acknowledge", "ok", "موافق", "I agree", required="yes"),
    row("image", "receipt", "الفاتورة", "Receipt", french="Reçu"),
    row("calculate", "total", calculation="${age} * 2"),
    row("geopoint", "place", "أين؟", "Where?"),
    row("select_one rate or_other", "again", "ثانية", "Again", relevant="${total} > 3", notes="ask Amal"),
    row("begin_repeat", "children", "أطفالك", "Children"),
    row("text", "child", "الاسم", "Name"),
    row("end_repeat", ""),
    row("rank rate", "order", "رتّب", "Rank"),
    row("select_one nowhere", "lonely", "بلا قائمة", "No list", constraint="pulldata('a', 'b', 'c', .) = 1"),
    choices=CHOICES,
    settings=[["form_title", "form_id", "style"], ["زيارتك", "visit", "pages"]],
)  # fmt: skip


def plain(lost: tuple[Loss, ...]) -> list[tuple[str, str]]:
    """Return what was lost, in English, without the marks around what is named."""
    return [(each.place, each.what.en.replace("\u2068", "").replace("\u2069", "")) for each in lost]


def test_a_form_from_elsewhere_becomes_a_draft() -> None:
    def both(ar: str, en: str) -> dict[str, str]:
        return {"ar": ar, "en": en}

    yes_no = [{"name": "yes", "label": both("نعم", "Yes")}, {"name": "no", "label": both("لا", "No")}]
    rates = [{"name": "1", "label": both("سيئ", "Bad")}, {"name": "2", "label": both("جيد", "Good")}]
    assert reading.read(FORM).definition == {
        "format": 1,
        "title": both("زيارتك", ""),
        "sections": [
            {"name": "visit_1", "title": both("زيارتك", "Your visit"), "relevant": "true()", "questions": [
                {"name": "came_before", "kind": "single", "label": both("زرتنا؟", "Been here?"), "required": True,
                 "choices": yes_no},
                {"name": "why", "kind": "multiple", "label": both("لماذا؟", "Why?"),
                 "relevant": "${came_before} = 'yes'", "most": 2, "shuffled": True,
                 "message": both("اثنان على الأكثر", "Two at most"), "choices": [
                     {"name": "a", "label": both("أ", "A")},
                     {"name": "none", "label": both("لا شيء", "None"), "exclusive": True}]},
                {"name": "age", "kind": "number", "label": both("عمرك", "Age"), "hint": both("", "In years"),
                 "required": "${why} != ''", "constraint": ". = int(.)", "least": 18, "most": 120},
                {"name": "inner", "kind": "note", "label": both("تفاصيل", "Details"), "relevant": "${age} > 20"},
                {"name": "when", "kind": "date", "label": both("متى؟", "When?"), "relevant": "${age} > 20",
                 "constraint": ". <= today() and . >= '2020-01-01'"},
                {"name": "words", "kind": "long_text", "label": both("كلماتك", "You said ${age} and …"),
                 "category": "opinion", "relevant": "(${age} > 20) and (${when} != '')"},
                {"name": "care", "kind": "matrix", "label": both("عنايتنا", "Our care"), "required": True,
                 "choices": rates, "rows": [
                    {"name": "staff", "label": both("الموظفون", "Staff")},
                    {"name": "till", "label": both("الصندوق", "Till")}]},
            ]},
            {"name": "part_2", "title": both("", ""), "questions": [
                {"name": "nps", "kind": "nps", "label": both("تنصح؟", "Recommend?")},
                {"name": "stars", "kind": "rating", "label": both("نجوم", "Stars"), "steps": 7},
                {"name": "cm", "kind": "number", "label": both("سم", "cm"), "least": 10, "most": 90},
                {"name": "ok", "kind": "note", "label": both("موافق", "I agree")},
                {"name": "receipt", "kind": "photo", "label": both("الفاتورة", "Receipt"), "category": "receipt_photo"},
                {"name": "again", "kind": "single", "label": both("ثانية", "Again"), "choices": rates},
                {"name": "lonely", "kind": "single", "label": both("بلا قائمة", "No list")},
            ]},
        ],
    }  # fmt: skip


def test_what_of_a_form_cannot_be_carried_over_is_listed_by_name() -> None:
    assert plain(reading.read(FORM).lost) == [
        ("survey", "The column “label::French (fr)” is not carried over: surveys here are in Arabic and English."),
        ("settings!C2", "The setting “style” is not carried over: “pages”."),
        ("choices!2", "The name “Yes” became “yes”."),
        ("choices!3", "The name “No” became “no”."),
        ("choices!E5", "Of “2”, the column “image” is not carried over: “good.png”."),
        ("choices!6", "The choice “2” stands twice in the list “rate”; only the first is carried over."),
        ("survey!2", "“start” is not carried over: there is no “start” here."),
        ("survey!21", "“total” is not carried over: there is no “calculate” here."),
        ("survey!22", "“place” is not carried over: there is no “geopoint” here."),
        ("survey!27", "“order” is not carried over: there is no “rank rate” here."),
        ("survey!3", "The name “Visit 1” became “visit_1”."),
        ("survey!4", "The name “Came-Before” became “came_before”."),
        ("survey!7", "The group “inner” became part of its section."),
        ("survey!24", "“children” is not carried over: groups do not repeat here. It holds: child."),
        ("survey!4", "Of “Came-Before”, the appearance “minimal” is not carried over."),
        ("survey!5", "Of “why”, the parameter “seed=5” is not carried over."),
        ("survey!M8", "Of “when”, the column “default” is not carried over: “2026-01-01”."),
        ("survey!9", "A text of “words” quotes an answer that is not carried over: “${start}”."),
        ("survey!18", "Of “cm”, the parameter “step=5” is not carried over."),
        ("survey!19", "“ok” became a note to read; consents here are worded by the privacy policy alone."),
        ("survey!19", "Of “ok”, the column “required” is not carried over: “yes”."),
        ("survey!23", "Of “again”, the rule in “relevant” is not carried over: “${total} > 3”. "
                      "No question is called “total”."),
        ("survey!23", "Of “again”, the choice “other” with its text is not carried over."),
        ("survey!28", "“lonely” has no choices: there is no list “nowhere”."),
        ("survey!28", "Of “lonely”, the rule in “constraint” is not carried over: “pulldata('a', 'b', 'c', .) = 1”. "
                      "There is no function “pulldata”."),
        ("survey!P23", "The column “Notes of ours” is not carried over; 1 of its cells are filled."),
        ("choices", "No question uses the list “spare”; it is not carried over."),
    ]  # fmt: skip


def test_every_loss_is_told_in_both_languages() -> None:
    assert all(
        any("\u0620" <= letter <= "\u064a" for letter in loss.what.ar) for loss in reading.read(FORM).lost
    )


@pytest.mark.parametrize(
    ("relevant", "carried"),
    [
        ("${q} = 'Yes'", "${q} = 'yes'"),
        ("'Yes' != ${q}", "'yes' != ${q}"),
        ("selected(${q}, 'Yes')", "selected(${q}, 'yes')"),
        ('selected( ${q} , "Yes" ) and ${n} > 1', 'selected( ${q} , "yes" ) and ${n} > 1'),
        ("${q} = “Yes”", '${q} = "yes"'),
        ("${ q } = 'No'", "${q} = 'No'"),
        ("if(${n} > 1, 'Yes', 'No') = ${q}", None),
        ("${n} = 'Yes'", None),
        ("${n} = -1", None),
        ("${q} = -1", None),
        ("string-length(${q}) = 3", "string-length(${q}) = 3"),
        ("${missing} = 1", None),
        ("../q = 1", None),
        ("jr:choice-name(${q}, '${q}') = 'x'", None),
        ("count(${q}) > 1", None),
    ],
)
def test_a_rule_follows_the_names_or_is_listed(relevant: str, carried: str | None) -> None:
    content = survey(
        ["type", "name", "label", "relevant"],
        ["select_one l", "q", "Q"],
        ["decimal", "n", "N"],
        ["text", "t", "T", relevant],
        choices=[
            ["list_name", "name", "label"],
            ["l", "Yes", "Yes"],
            ["l", "No", "No"],
            ["l", "-1", "?"],
            ["l", "no", "n"],
        ],
    )
    read = reading.read(content)
    question = read.definition["sections"][0]["questions"][2]
    assert question.get("relevant") == (carried.replace("'No'", "'no_2'") if carried else None)
    assert any(loss.place == "survey!4" for loss in read.lost) is (carried is None)


def test_texts_without_a_language_go_by_their_letters_or_the_forms_own() -> None:
    rows = [["type", "name", "label"], ["text", "a", "ما رأيك؟"], ["text", "b", "What?"]]

    def labels(settings: list[list[str]]) -> list[Any]:
        read = reading.read(book({"survey": rows, "settings": settings}))
        return [each["label"] for each in read.definition["sections"][0]["questions"]]

    assert labels([]) == [{"ar": "ما رأيك؟", "en": ""}, {"ar": "", "en": "What?"}]
    assert labels([["default_language"], ["العربية"]]) == [
        {"ar": "ما رأيك؟", "en": ""},
        {"ar": "What?", "en": ""},
    ]


def test_names_and_older_spellings_are_understood() -> None:
    content = book(
        {
            "Survey": [
                ["type", "name", "label:English", "label::العربية", "relevance"],
                ["add select multiple prompt using l", "1 Name", "One", "واحد", ""],
                ["select1 l", "1-name", "Two", "اثنان", "count-selected(${1 Name}) > 1"],
                ["select all that apply from l", "x" * 60, "Three", "ثلاثة", "${1-name} = 'a'"],
            ],
            "Choices": [["list name", "value", "label"], ["l", "a", "A"]],
        }
    )
    sections = reading.read(content).definition["sections"]
    assert [
        (each["name"], each["kind"], each["label"], each.get("relevant")) for each in sections[0]["questions"]
    ] == [
        ("q_1_name", "multiple", {"ar": "واحد", "en": "One"}, None),
        ("q_1_name_2", "single", {"ar": "اثنان", "en": "Two"}, None),
        ("x" * 40, "multiple", {"ar": "ثلاثة", "en": "Three"}, "${q_1_name_2} = 'a'"),
    ]


def test_unseen_marks_go_from_texts() -> None:
    content = survey(*SURVEY[:1], ["text", "why", "\u202bلماذا؟\ufeff\r\n "])
    assert reading.read(content).definition["sections"][0]["questions"][0]["label"] == {
        "ar": "لماذا؟",
        "en": "",
    }


def test_json_written_here_is_read_by_the_same_door() -> None:
    found = reading.read(
        b'\xef\xbb\xbf {"format": 1, "title": {"ar": "\xd8\xb3", "en": "S"}, "sections": []}'
    )
    assert (found.definition["title"], found.lost) == ({"ar": "س", "en": "S"}, ())
    with pytest.raises(DefinitionInvalid):
        reading.read(b'{"format": 7}')
