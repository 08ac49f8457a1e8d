"""Definitions: read and written without loss, looked through, compiled, compared."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from amana.surveys.definition import changes, checking, compiling, parsing, texts, trees, writing
from amana.surveys.definition.document import Definition, Ends, Question, Quota, Section, Text
from amana.surveys.definition.problems import DefinitionInvalid
from tests.surveys.definition.made import both, choices, example, small

EXAMPLES = ["visit", "product"]
WORDS = some.text(
    alphabet=some.characters(exclude_categories=["Cs", "Cc", "Cf"], exclude_characters="\r$"), max_size=30
).map(str.strip)
TEXTS = some.builds(Text, ar=WORDS, en=WORDS)
QUESTIONS = some.builds(
    Question,
    name=some.sampled_from(["one", "two", "three"]),
    kind=some.sampled_from(["single", "multiple", "rating", "number", "note", "long_text"]),
    label=TEXTS,
    hint=some.none() | TEXTS.filter(bool),
    required=some.booleans(),
    shuffled=some.booleans(),
    least=some.none() | some.integers(0, 5),
    ends=some.none() | some.builds(Ends, low=TEXTS, high=TEXTS),
)
DEFINITIONS = some.lists(QUESTIONS, max_size=3, unique_by=lambda question: question.name).flatmap(
    lambda questions: some.builds(
        Definition,
        title=TEXTS,
        thanks=TEXTS,
        keeps_unfinished=some.booleans(),
        sections=some.just((Section(name="all", questions=tuple(questions)),)),
    )
)


def told(definition: Definition) -> list[tuple[str, str]]:
    return [(problem.path, problem.grade) for problem in checking.check(definition)]


def faults(raw: object) -> list[str]:
    with pytest.raises(DefinitionInvalid) as refused:
        parsing.parse(raw)
    return [problem.path for problem in refused.value.problems]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_written_as_it_was_read_and_lacks_nothing(name: str) -> None:
    found = example(name)
    assert parsing.loads(writing.dumps(found)) == found
    assert told(found) == []


@settings(max_examples=60, deadline=None)
@given(DEFINITIONS)
def test_whatever_is_written_reads_the_same(made: Definition) -> None:
    assert parsing.loads(writing.dumps(made)) == made
    assert writing.fingerprint(parsing.parse(writing.write(made))) == writing.fingerprint(made)


def test_c1_everything_wrong_with_a_file_is_told_with_its_place() -> None:
    raw = writing.write(small())
    question = raw["sections"][0]["questions"][0]
    question |= {"name": "Mood!", "kind": "smile", "colour": "red", "required": 3}
    raw["sections"][0]["questions"][1]["choices"][1]["name"] = "yes"
    raw["format"], raw["alert"] = 2, "\u202e1 = 1"
    assert faults(raw) == [
        "format",
        "alert",
        "sections.0.questions.0.kind",
        "sections.0.questions.0.required",
        "sections.0.questions.0.colour",
        "sections.0.questions.0.name",
    ]
    assert faults({"format": 1, "sections": [{"name": "a"}, {"name": "a"}]}) == ["sections.1.name"]


@pytest.mark.parametrize(
    "raw", [b"\xff", b"[]", b"{", b'{"format": NaN}', b"[" * 100_000, b"{}" + b" " * 1_000_001]
)
def test_what_is_no_definition_is_refused(raw: bytes) -> None:
    with pytest.raises(DefinitionInvalid):
        parsing.loads(raw)


def test_what_a_draft_lacks_is_told_at_its_place() -> None:
    found = small(
        Question(name="mood", kind="smiley", label=Text(en="How?")),
        Question(name="few", kind="single", label=both("Few"), choices=choices("one")),
        Question(name="grid", kind="matrix", label=both("Grid"), choices=choices("a", "b")),
        Question(name="age", kind="number", label=both("Age"), least=9, most=3, constraint=". > 1"),
        Question(name="say", kind="long_text", label=both("Say")),
        Question(name="who", kind="contact", label=both("Who")),
        Question(name="ok", kind="consent"),
    )
    at = "sections.0.questions"
    assert told(found) == [
        (f"{at}.0.label.ar", "missing"),
        (f"{at}.1.choices", "missing"),
        (f"{at}.2.rows", "missing"),
        (f"{at}.3.message", "missing"),
        (f"{at}.3.least", "wrong"),
        (f"{at}.4.category", "missing"),
        (f"{at}.5.fields", "missing"),
        (f"{at}.6.purpose", "missing"),
    ]


def test_a_rule_relies_on_earlier_answers_only() -> None:
    first = Question(name="a", kind="nps", label=both("A"), relevant="${b} > 3")
    second = Question(
        name="b", kind="nps", label=both("b ${a} ${c}"), relevant="${b} > 3 and ${nobody} = 1",
        constraint=". >= ${a}", message=both("No"),
    )  # fmt: skip
    third = Question(name="c", kind="nps", label=both("C"), relevant="${a} >", required="${b} > 2")
    at = "sections.0.questions"
    assert told(small(first, second, third)) == [
        (f"{at}.0.relevant", "wrong"),
        (f"{at}.1.label.ar", "wrong"),
        (f"{at}.1.label.en", "wrong"),
        (f"{at}.1.relevant", "wrong"),
        (f"{at}.2.relevant", "wrong"),
    ]


def test_shuffled_questions_do_not_rely_on_each_other() -> None:
    first = Question(name="a", kind="nps", label=both("A"))
    second = Question(name="b", kind="nps", label=both("B"), relevant="${a} > 3")
    made = small(first, second)
    shuffled = replace(made, sections=(replace(made.sections[0], shuffled=True),))
    assert (told(made), told(shuffled)) == ([], [("sections.0.questions.1.relevant", "wrong")])


def test_c4_a_quota_counts_only_what_is_kept_open() -> None:
    quotas = (
        Quota(name="good", when="${mood} = 5", most=10, message=both("Enough")),
        Quota(name="words", when="${why} != ''", most=10, message=both("Enough")),
        Quota(name="empty"),
    )
    assert told(replace(small(), quotas=quotas)) == [
        ("quotas.1.when", "wrong"),
        ("quotas.2", "missing"),
        ("quotas.2.message.ar", "missing"),
        ("quotas.2.message.en", "missing"),
    ]


def test_a_form_is_json_with_trees_for_rules_and_piped_texts() -> None:
    form = compiling.compile(example("product"), survey="product", version=3)
    assert json.loads(json.dumps(form)) == form
    questions = {each["name"]: each for section in form["sections"] for each in section["questions"]}
    assert (form["survey"], form["version"], form["alert"]) == (
        "product", 3, ["<=", ["ref", "satisfied"], ["num", 2]],
    )  # fmt: skip
    assert questions["wrong"]["label"]["en"][:2] == ["join", ["text", "You gave it "]]
    assert questions["wrong"]["required"] == ["=", ["ref", "value"], ["num", 1]]
    assert (questions["satisfied"]["least"], questions["satisfied"]["most"]) == (1, 5)
    assert form["quotas"][0]["when"] == ["=", ["ref", "kind"], ["text", "children"]]


def test_c3_a_form_asks_in_one_place_only_what_its_policy_lists() -> None:
    form = compiling.compile(example("visit"), survey="visit", version=1)
    wording = {
        "purpose": "feedback", "channel": "email",
        "text": {"ar": "نعم", "en": "Yes"}, "detail": {"ar": "", "en": ""},
    }  # fmt: skip
    unused = wording | {"channel": "sms"}
    fields = {"email": {"ar": "البريد", "en": "E-mail"}, "opinion": {"ar": "رأيك", "en": "Opinion"}}
    placed = compiling.placed(form, policy=4, country="AE", consents=[wording, unused], fields=fields)
    questions = {each["name"]: each for section in placed["sections"] for each in section["questions"]}
    assert (placed["policy"], placed["country"], placed["consents"]) == (4, "AE", [wording])
    assert placed["fields"] == {"email": fields["email"]}
    assert (questions["contact"]["fields"], placed["options"]) == (["email"], {})
    assert {"receipt", "use_words", "offers"} & questions.keys() == set()
    assert "receipt" in {each["name"] for section in form["sections"] for each in section["questions"]}


def test_what_is_chosen_of_a_person_is_listed_in_both_languages() -> None:
    asked = ("gender", "nationality", "city", "birth_date")
    definition = small(Question(name="who", kind="contact", label=both("Who?"), fields=asked))
    fields = {name: {"ar": name, "en": name} for name in asked}
    form = compiling.compile(definition, survey="who", version=1)
    placed = compiling.placed(form, policy=1, country="KW", consents=[], fields=fields)
    options = placed["options"]
    assert list(options) == ["gender", "nationality", "city"]
    assert options["gender"] == [
        {"name": "female", "label": {"ar": "أنثى", "en": "Female"}},
        {"name": "male", "label": {"ar": "ذكر", "en": "Male"}},
    ]
    assert [one["name"] for one in options["city"]][::6] == ["kuwait_city", "other"]
    assert [one["name"] for one in options["nationality"]][:2] == ["KW", "AE"]
    orders = {
        language: [one["order"][language] for one in options["nationality"]] for language in ("ar", "en")
    }
    assert orders["ar"] == sorted(orders["en"]) == list(range(len(orders["ar"])))
    assert orders["en"] != orders["ar"]
    assert json.loads(json.dumps(placed)) == placed


def test_texts_are_found_and_replaced_by_keys_that_stay() -> None:
    found = example("visit")
    keys = texts.texts(found)
    assert keys["liked/choices/staff"] == Text("تعامل الموظفين", "The staff")
    assert "answer_me/label" not in keys
    made = texts.replaced(found, {"liked/choices/staff": both("People"), "gone/label": both("x")})
    assert [line.path for each in changes.changes(found, made) for line in each.lines] == [
        "choices.staff.label.ar",
        "choices.staff.label.en",
    ]
    assert texts.replaced(made, keys) == found


def test_a_renamed_question_is_called_so_wherever_it_is_asked_after() -> None:
    made = texts.renamed(example("product"), "value", "stars")
    asking = made.find("wrong")
    assert asking is not None
    assert (asking.relevant, asking.required) == ("${stars} <= 3", "${stars} = 1")
    assert asking.label.en == "You gave it ${stars} out of 5. What did you not like?"
    assert told(made) == []


def test_changes_tell_what_came_went_moved_and_reads_otherwise() -> None:
    before = small()
    mood, found, _why = before.sections[0].questions
    new = Question(name="new", kind="date", label=both("When?"))
    questions = (replace(found, label=both("Got it?"), choices=choices("yes")), mood, new)
    after = replace(
        before,
        thanks=both("Many thanks"),
        sections=(replace(before.sections[0], questions=questions),),
    )
    assert [
        (each.sort, each.part, [line.path for line in each.lines if each.sort == "changed"])
        for each in changes.changes(before, after)
    ] == [
        ("changed", "", ["thanks.ar", "thanks.en"]),
        (
            "changed",
            "found",
            ["label.ar", "label.en", "choices.no.name", "choices.no.label.ar", "choices.no.label.en"],
        ),
        ("moved", "mood", []),
        ("added", "new", []),
        ("removed", "why", []),
    ]
    assert changes.changes(before, before) == ()


def test_the_names_an_expression_asks_after() -> None:
    tree = ["and", ["=", ["ref", "b"], ["text", "ref"]], ["call", "not", ["ref", "a"]]]
    assert trees.named(tree) == ("b", "a")
