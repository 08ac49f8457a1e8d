"""What is asked, what is missing, what breaks a rule: the same walk in the server and in a browser."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from amana.surveys.definition import compiling, parsing
from amana.surveys.definition.compiling import Form
from amana.surveys.logic import flow
from tests.surveys.logic.test_evaluation import NAMES, answers_of, trees

TODAY = date(2026, 11, 22)
SURVEYS = Path(__file__).parents[3] / "examples" / "redtag" / "surveys"
WALK = """([form, answers, seed]) => {
    const found = Amana.logic.flow(form, answers, {today: "2026-11-22", seed: seed});
    return [found.sections.map(section => [section.name, section.questions.map(question => question.name)]),
        found.kept, found.missing, found.broken];
}"""
SAY = """([form, label, answers, language]) => Amana.logic.text(form, label, answers, {language: language})"""


def compiled(definition: dict[str, Any]) -> Form:
    """Return the form of a definition."""
    return compiling.compile(parsing.parse(definition), survey="tried", version=1)


def question(name: str, kind: str = "number", **more: Any) -> dict[str, Any]:
    """Return a question of a definition."""
    return {"name": name, "kind": kind, "label": {"ar": name, "en": name}, **more}


def survey(*questions: dict[str, Any], **section: Any) -> Form:
    """Return the form of one section of questions."""
    asked = {"name": "only", "title": {"ar": "قسم", "en": "Section"}, "questions": list(questions), **section}
    return compiled({"format": 1, "title": {"ar": "تجربة", "en": "Trial"}, "sections": [asked]})


def asked(found: flow.Flow) -> list[str]:
    """Return the names of what is asked."""
    return [each["name"] for section in found.sections for each in section["questions"]]


def walked(form: Form, answers: dict[str, Any], seed: str = "s") -> list[Any]:
    """Return a walk as the browser returns it."""
    found = flow.flow(form, answers, today=TODAY, seed=seed)
    sections = [[each["name"], [one["name"] for one in each["questions"]]] for each in found.sections]
    return [sections, found.kept, found.missing, found.broken]


def test_an_answer_nobody_sees_any_more_counts_for_nothing() -> None:
    form = survey(
        question("a"), question("b", relevant="${a} > 2"), question("c", relevant="${b} > 2", required=True)
    )
    found = flow.flow(form, {"a": 1, "b": 5, "c": 5}, today=TODAY, seed="s")
    assert (asked(found), found.kept, found.missing) == (["a"], {"a": 1}, [])


def test_what_must_be_answered_is_missing_only_where_it_is_asked() -> None:
    form = survey(question("a", required=True), question("b", required="${a} > 2"))
    assert flow.flow(form, {}, today=TODAY, seed="s").missing == ["a"]
    assert flow.flow(form, {"a": 3}, today=TODAY, seed="s").missing == ["b"]
    assert flow.flow(form, {"a": 1}, today=TODAY, seed="s").missing == []


def test_a_broken_rule_says_its_own_message() -> None:
    message = {"ar": "بين 1 و5", "en": "From 1 to 5"}
    form = survey(
        question("a", constraint=". >= 1 and . <= 5", message=message), question("b", least=2, most=3)
    )
    found = flow.flow(form, {"a": 9, "b": 1}, today=TODAY, seed="s")
    assert found.broken == {"a": message, "b": None}


def test_exclusive_choices_stay_last_and_a_seed_settles_the_rest() -> None:
    choices = [{"name": each, "label": {"ar": each, "en": each}} for each in "abcdef"]
    one = {"name": "q", "shuffled": True, "choices": [{**choices[0], "exclusive": True}, *choices[1:]]}
    orders = {tuple(each["name"] for each in flow.ordered(one, str(seed))) for seed in range(50)}
    assert {order[-1] for order in orders} == {"a"}
    assert len(orders) > 20


def test_a_text_shows_what_was_chosen_as_it_was_read(page: Page) -> None:
    choices = [{"name": "s", "label": {"ar": "الموظفون", "en": "The staff"}},
               {"name": "p", "label": {"ar": "الأسعار", "en": "The prices"}}]  # fmt: skip
    form = survey(
        question("m", "multiple", choices=choices),
        question("n", label={"ar": "قلت: ${m}", "en": "You said: ${m}!"}),
    )
    label = form["sections"][0]["questions"][1]["label"]
    answers = {"m": ["s", "p"]}
    said = {language: flow.text(form, label, answers, language=language) for language in ("ar", "en")}
    assert said == {"ar": "قلت: الموظفون، الأسعار", "en": "You said: The staff, The prices!"}
    assert {each: page.evaluate(SAY, [form, label, answers, each]) for each in said} == said


VISIT = compiled(json.loads((SURVEYS / "visit.json").read_text("utf-8")))


def any_answers(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Return answers to any of a form's questions, sensible and not."""
    given: dict[str, st.SearchStrategy[Any]] = {}
    for section in form["sections"]:
        for each in section["questions"]:
            names = [choice["name"] for choice in each.get("choices") or ()]
            given[each["name"]] = st.one_of(
                st.integers(0, 11), st.sampled_from(["", "نص", *names]),
                st.lists(st.sampled_from(["none", *names]), max_size=4, unique=True), st.booleans(),
            )  # fmt: skip
    return st.fixed_dictionaries({}, optional=given)


@settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(answers=any_answers(VISIT), seed=st.uuids().map(str))
def test_server_and_browser_ask_the_same(page: Page, answers: dict[str, Any], seed: str) -> None:
    assert page.evaluate(WALK, [VISIT, answers, seed]) == walked(VISIT, answers, seed)


def any_question(name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return questions of a form with any rules over any answers."""
    optional = {
        "relevant": trees(),
        "constraint": trees(),
        "required": st.booleans() | trees(),
        "least": st.integers(-3, 3),
        "most": st.integers(0, 5),
        "message": st.just({"ar": "لا", "en": "No"}),
    }
    kinds = st.sampled_from(["number", "multiple", "single", "note", "short_text"])
    return st.fixed_dictionaries({"name": st.just(name), "kind": kinds}, optional=optional)


def any_form() -> st.SearchStrategy[Form]:
    """Return forms of one section to three, each with a question."""
    one = [st.tuples(*(any_question(name) for name in names)).map(list) for names in (NAMES[:2], NAMES[2:])]
    sections = [
        st.fixed_dictionaries(
            {"name": st.just(f"section{number}"), "questions": each},
            optional={"relevant": trees(), "shuffled": st.booleans()},
        )
        for number, each in enumerate(one)
    ]
    return st.tuples(*sections).map(lambda made: {"sections": list(made)})


@settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(
    form=any_form(),
    answers=st.fixed_dictionaries({}, optional={name: answers_of(name) for name in NAMES}),
    seed=st.uuids().map(str),
)
def test_server_and_browser_ask_the_same_of_any_form(
    page: Page, form: Form, answers: dict[str, Any], seed: str
) -> None:
    assert page.evaluate(WALK, [form, answers, seed]) == walked(form, answers, seed)
