"""What is written can be read again; whatever is not the same was listed, by name, at its place."""

from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from amana.surveys.definition import parsing
from amana.surveys.definition.document import BOUND, Choice, Definition, Question, Text
from amana.surveys.xlsform import bounds, messages, reading, writing
from amana.surveys.xlsform.losses import Loss

SURVEYS = Path(__file__).parents[3] / "examples" / "redtag" / "surveys"
KINDS = ["single", "multiple", "matrix", "rating", "nps", "csat", "smiley", "number", "date", "phone", "email",
         "short_text", "long_text", "photo", "consent", "contact", "note"]  # fmt: skip
SAID = [
    "",
    "نعم",
    "Yes",
    "=1+1",
    "سطر\nوسطر",
    "<b>ما رأيك؟</b>",
    'a\' "b" & ${not a name',
    "'quoted",
    "_x0041_",
    "👋 1٫5",
]
CONSTRAINTS = {
    "number": [". mod 2 = 0", "regex(., '^[0-9]{2}$') or . = 7"],
    "multiple": ["not(selected(., 'a') and selected(., 'b'))"],
    "short_text": ["string-length(.) <= 80", "regex(., '[أ-ي ]+')"],
    "date": [". <= today()"],
}


def texts() -> st.SearchStrategy[dict[str, str]]:
    """Return what is said, in both languages, in one or in none."""
    return st.fixed_dictionaries({"ar": st.sampled_from(SAID), "en": st.sampled_from(SAID)})


@st.composite
def questions(draw: st.DrawFn, name: str, before: tuple[str, ...]) -> dict[str, Any]:
    """Return a question with anything its kind may have, over earlier ones."""
    kind = draw(st.sampled_from(KINDS))
    made: dict[str, Any] = {"name": name, "kind": kind, "label": draw(texts())}
    rules = [f"${{{each}}} = 'a'" for each in before] + [
        f"not(selected(${{{each}}}, 'b'))" for each in before
    ]
    optional: dict[str, st.SearchStrategy[Any]] = {
        "hint": texts(), "message": texts(), "required": st.sampled_from([True, *rules]), "about": st.just("like"),
        "constraint": st.sampled_from(CONSTRAINTS.get(kind, [". != 'x'"])),
    }  # fmt: skip
    if rules:
        optional["relevant"] = st.sampled_from([*rules, f"{rules[0]} or {rules[-1]}"])
        optional["label"] = st.just({"ar": f"قلت ${{{before[-1]}}}", "en": f"${{{before[0]}}}?"})
    made |= draw(st.fixed_dictionaries({}, optional=optional))
    if kind in ("single", "multiple", "matrix"):
        named = draw(st.lists(st.sampled_from(["a", "b", "c", "9", "1_2"]), unique=True))
        made["choices"] = [
            {"name": each, "label": draw(texts()), "exclusive": draw(st.booleans())} for each in named
        ]
        made["shuffled"] = draw(st.booleans())
    return made | draw(st.fixed_dictionaries({}, optional=_only_of(kind)))


def _only_of(kind: str) -> dict[str, st.SearchStrategy[Any]]:
    """Return what only some kinds have."""
    found: dict[str, st.SearchStrategy[Any]] = {}
    if kind == "matrix":
        rows = st.lists(st.fixed_dictionaries({"name": st.sampled_from("xyz"), "label": texts()}), min_size=1)
        found["rows"] = rows.map(lambda each: list({row["name"]: row for row in each}.values()))
    if kind in ("number", "multiple"):
        found |= {"least": st.integers(-5, 5) | st.just(0.25), "most": st.integers(6, 50)}
    if kind == "rating":
        found["steps"] = st.integers(2, 10)
    if kind in ("rating", "nps", "csat"):
        found["ends"] = st.fixed_dictionaries({"low": texts(), "high": texts()})
    if kind in BOUND:
        found["category"] = st.sampled_from(BOUND[kind])
    if kind == "consent":
        found |= {"purpose": st.just("feedback"), "channel": st.just("email")}
    if kind == "contact":
        found["fields"] = st.just(["name", "email"])
    return found


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Return whole surveys."""
    sections: list[dict[str, Any]] = []
    before: list[str] = []
    for number in range(draw(st.integers(0, 3))):
        made: dict[str, Any] = {
            "name": f"part_{number + 1}",
            "title": draw(texts()),
            "shuffled": draw(st.booleans()),
        }
        if before:
            made["relevant"] = draw(st.none() | st.just(f"${{{before[-1]}}} != ''"))
        made["questions"] = []
        for n in range(draw(st.integers(0, 5))):
            question = draw(questions(f"q{number}_{n}", tuple(before)))
            made["questions"].append(question)
            before += [] if question["kind"] == "note" else [question["name"]]
        sections.append(made)
    quota = {"name": "some", "when": "1 = 1", "most": 5, "message": {"ar": "س", "en": "s"}}
    raw = {
        "format": 1, "sections": sections, "title": draw(texts()), "intro": draw(texts()), "thanks": draw(texts()),
        "alert": draw(st.none() | st.just("1 = 2")), "keeps_unfinished": draw(st.booleans()),
        "quotas": draw(st.sampled_from([[], [quota]])),
    }  # fmt: skip
    return parsing.parse(raw)


def told(lost: tuple[Loss, ...], place: str, part: str) -> bool:
    """Tell whether a part of a survey is listed as lost at its place."""
    names = [messages.PARTS[part].en] if part in messages.PARTS else []
    wanted = [
        *names,
        f"({part})",
        "is not written: its words",
        "is not written: a table",
        "quotes an answer",
        f"(\u2068{part}\u2069)",
    ]
    return any(loss.place == place and any(each in loss.what.en for each in wanted) for loss in lost)


def same(before: Question, after: Question | None) -> list[str]:
    """Return what of a question is not as it was."""
    if after is None:
        return ["kind"]
    usual = replace(before, steps=None if before.steps == 5 else before.steps)
    return [one.name for one in fields(Question) if getattr(usual, one.name) != getattr(after, one.name)]


@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
)
@given(definition=definitions())
def test_what_is_not_listed_comes_back_as_it_was(definition: Definition) -> None:
    out = writing.write(definition)
    back = reading.read(out.content)
    found = parsing.parse(back.definition)
    assert (found.title, found.intro, found.thanks) == (definition.title, definition.intro, definition.thanks)
    for part, nothing in (("alert", None), ("quotas", ()), ("keeps_unfinished", False)):
        place = "some" if part == "quotas" else part
        assert getattr(found, part) == nothing
        assert (getattr(definition, part) == nothing) is not told(out.lost, place, part.removesuffix("s"))
    assert [each.name for each in found.sections] == [each.name for each in definition.sections]
    for before, after in zip(definition.sections, found.sections, strict=True):
        assert after.title == before.title
        assert (after.relevant == before.relevant) or told(out.lost, before.name, "relevant")
        assert (after.shuffled == before.shuffled) or told(out.lost, before.name, "shuffled")
    for question in definition.questions():
        unlisted = [
            part
            for part in same(question, found.find(question.name))
            if not told(out.lost, question.name, part)
            and not (part == "choices" and told(out.lost, question.name, "exclusive"))
            and not (part == "category" and question.category is None and question.kind in BOUND)
        ]
        assert unlisted == []


@settings(
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    phases=[Phase.generate],
)
@given(definition=definitions())
def test_what_was_read_is_written_and_read_the_same(definition: Definition) -> None:
    once = reading.read(writing.write(definition).content)
    again = reading.read(writing.write(parsing.parse(once.definition)).content)
    assert again.definition == once.definition
    assert again.lost == once.lost


def test_a_survey_of_ours_loses_by_name_what_a_form_cannot_hold() -> None:
    definition = parsing.loads((SURVEYS / "product.json").read_bytes())
    lost = [(loss.place, loss.what.en) for loss in writing.write(definition).lost]
    unplaced = "Not written, as XLSForm has no place for it: "
    here = (
        "is not written: its words and categories are the privacy policy's here, and mean nothing elsewhere."
    )
    ends = "غير راضٍ أبدًا / Not at all – راضٍ تمامًا / Completely"
    mark = "is written as a mark that is read here; other programs show a range from 1 to 5."
    assert [(place, what.replace("\u2068", "").replace("\u2069", "")) for place, what in lost] == [
        ("satisfied", f"{unplaced}what the ends of a scale mean (“{ends}”)."),
        ("satisfied", f"Its kind (satisfaction from 1 to 5) {mark}"),
        ("size", f"{unplaced}what an answer counts as in reports (“size”)."),
        ("wrong", f"{unplaced}what an answer counts as in reports (“dislike”)."),
        ("next", f"{unplaced}what an answer counts as in reports (“wanted”)."),
        ("contact", f"“contact” {here}"),
        ("answer_me", f"“answer_me” {here}"),
        ("fit_use", f"“fit_use” {here}"),
        ("alert", f"{unplaced}the condition of an alert (“${{satisfied}} <= 2”)."),
        ("children_wear", f"{unplaced}a quota (“${{kind}} = 'children': 2000”)."),
        ("keeps_unfinished", f"{unplaced}that unfinished answers are kept (“true”)."),
    ]


def test_a_text_that_begins_like_a_formula_is_written_as_a_text() -> None:
    definition = Definition(title=Text(ar='=HYPERLINK("http://x")', en="=1+1"))
    sheet = load_workbook(BytesIO(writing.write(definition).content))["settings"]
    assert [(cell.value, cell.data_type, cell.quotePrefix) for cell in sheet[2][:2]] == [
        ('=HYPERLINK("http://x")', "s", True),
        ("=1+1", "s", True),
    ]


def test_bounds_and_lone_choices_are_said_in_the_constraint() -> None:
    multiple = Question(
        name="q", kind="multiple", least=1, most=2, constraint="${q} != '' or 1 = 1",
        choices=(Choice(name="a"), Choice(name="none", exclusive=True)),
    )  # fmt: skip
    assert bounds.lowered(multiple, "${q} != '' or 1 = 1") == (
        "count-selected(.) >= 1 and count-selected(.) <= 2 and "
        "not(selected(., 'none') and count-selected(.) > 1) and (${q} != '' or 1 = 1)"
    )


@pytest.mark.parametrize(
    ("constraint", "rest", "found"),
    [
        (". >= 1 and . <= 5", None, {"least": 1, "most": 5}),
        ("(. >= -0.5) and (. < 5 or . = 7)", ". < 5 or . = 7", {"least": -0.5}),
        (". >= 1 or . <= 5", ". >= 1 or . <= 5", {}),
        ("((. >= 1 and (. <= 9 and . != 3)))", ". != 3", {"least": 1, "most": 9}),
        (". >= 1 and . >= 2", ". >= 2", {"least": 1}),
        (". >= ${a}", ". >= ${a}", {}),
        ("'and' = . and 'or(' != .", "'and' = . and 'or(' != .", {}),
    ],
)
def test_what_a_constraint_bounds_is_lifted_out_of_it(
    constraint: str, rest: str | None, found: dict[str, Any]
) -> None:
    assert bounds.lifted("number", constraint, ()) == (rest, {"exclusive": [], **found})
