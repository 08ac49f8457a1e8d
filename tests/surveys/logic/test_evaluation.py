"""Expressions mean the same to the server and to a browser, whatever is typed into them."""

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from amana.surveys.logic import evaluation, flow, parsing, patterns
from amana.surveys.logic.values import as_text
from amana.surveys.taken import Answer

TODAY = date(2026, 11, 22)
VECTORS: list[tuple[str, dict[str, Answer], str]] = json.loads(
    Path(__file__).with_name("vectors.json").read_text("utf-8")
)
NAMES = ("q", "r", "s")
EVALUATE = """cases => cases.map(([tree, answers, self]) => {
    const value = Amana.logic.evaluate(tree, answers, {today: "2026-11-22"}, self === null ? undefined : self);
    return [Array.isArray(value) ? "list" : typeof value, Amana.logic.asText(value), Object.is(value, -0)];
})"""


def here(tree: parsing.Node, answers: Mapping[str, Answer], this: Answer | None = None) -> list[Any]:
    """Return the sort, the text and the sign of nought of what the server makes of a tree."""
    value = evaluation.evaluate(tree, answers, this=this, today=TODAY)
    sort = {bool: "boolean", str: "string", list: "list", dict: "object"}.get(type(value), "number")
    nought = isinstance(value, float) and value == 0 and math.copysign(1, value) < 0
    return [sort, as_text(value), nought]


@pytest.mark.parametrize(("expression", "answers", "text"), VECTORS)
def test_an_expression_means_what_xpath_says(expression: str, answers: dict[str, Answer], text: str) -> None:
    tree = parsing.parse(expression, names=NAMES)
    assert as_text(evaluation.evaluate(tree, answers, today=TODAY)) == text


def test_the_browser_agrees_on_the_same_vectors(page: Page) -> None:
    trees = [parsing.parse(expression, names=NAMES) for expression, _, _ in VECTORS]
    there = page.evaluate(
        EVALUATE, [[tree, case[1], None] for tree, case in zip(trees, VECTORS, strict=True)]
    )
    assert there == [here(tree, case[1]) for tree, case in zip(trees, VECTORS, strict=True)]


def trees() -> st.SearchStrategy[parsing.Node]:
    """Return trees of every operation."""
    numbers = (
        st.integers(-50, 50) | st.floats(-1e9, 1e9).map(lambda x: round(x, 4)) | st.just(1e22) | st.just(1e-9)
    )
    texts = st.sampled_from(["", "a", "b", "1", "٢", "-3.5", "2026-01-31", "2026-11-22", "ما", "👋x", " 7 "])
    leaves = st.one_of(
        st.tuples(st.just("num"), numbers),
        st.tuples(st.just("text"), texts),
        st.tuples(st.just("ref"), st.sampled_from(NAMES)),
        st.just(("this",)),
        st.just(("call", "today")),
    ).map(list)
    two = ["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"]
    one = ["not", "count-selected", "string-length", "round", "int", "number", "string"]
    pair = ["selected", "contains", "starts-with", "coalesce", "concat", "min", "max"]
    programs = [patterns.compile(each) for each in ("[a-z]+", r"\d{1,3}", "(a|b)*ا?", r"[^\d]*", ".")]

    def grown(inner: st.SearchStrategy[parsing.Node]) -> st.SearchStrategy[parsing.Node]:
        return st.one_of(
            st.tuples(st.sampled_from(two), inner, inner),
            st.tuples(st.just("neg"), inner),
            st.tuples(st.just("call"), st.sampled_from(one), inner),
            st.tuples(st.just("call"), st.sampled_from(pair), inner, inner),
            st.tuples(st.just("call"), st.just("if"), inner, inner, inner),
            st.tuples(st.just("regex"), inner, st.sampled_from(programs)),
        ).map(list)

    return st.recursive(leaves, grown, max_leaves=12)


def answers_of(name: str) -> st.SearchStrategy[Answer]:
    """Return answers of every shape."""
    return st.one_of(
        st.integers(-10, 10),
        st.floats(allow_nan=False, allow_infinity=False, width=32),
        st.booleans(),
        st.sampled_from(["", "a", "b", "٣", "12.50", "2026-11-22", "مرحبا", "x👋"]),
        st.lists(st.sampled_from(["a", "b", "1"]), max_size=3, unique=True),
        st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["good", "a"]), max_size=2),
    )


CASES = st.lists(
    st.tuples(
        trees(),
        st.fixed_dictionaries({}, optional={name: answers_of(name) for name in NAMES}),
        st.none() | answers_of("this"),
    ),
    min_size=20,
    max_size=60,
)


@settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(cases=CASES)
def test_server_and_browser_agree_on_anything(page: Page, cases: list[Any]) -> None:
    there = page.evaluate(EVALUATE, [list(case) for case in cases])
    assert there == [here(*case) for case in cases]


@settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(count=st.integers(0, 30), seed=st.text(max_size=20))
def test_server_and_browser_shuffle_alike(page: Page, count: int, seed: str) -> None:
    seed = seed.encode("utf-8", "ignore").decode()
    there = page.evaluate("([items, seed]) => Amana.logic.shuffled(items, seed)", [list(range(count)), seed])
    assert there == flow.shuffled(range(count), seed)
    assert sorted(there) == list(range(count))


@pytest.mark.parametrize(
    ("expression", "at", "message"),
    [
        ("1 +", 3, "The expression ends too early."),
        ("${nobody}", 0, "No question is called “nobody”."),
        ("shell('x')", 0, "There is no function “shell”."),
        ("not(1, 2)", 0, "“not” takes another number of values."),
        ("1 2", 2, "“2” was not expected here."),
        ("'open", 0, "This is not understood: “'open”."),
        ("regex(., '(')", 0, "The pattern is not right at position 2."),
        ("regex(., 'a**')", 0, "The pattern is not right at position 3."),
        ("regex(., ${q})", 0, "The pattern has to be written between quotation marks."),
        ("(" * 100, 60, "The expression is nested too deeply."),
        ("1+" * 300 + "1", 400, "The expression is too long."),
        ("regex(., '((a{90}){90}){90}')", 0, "The pattern is too large."),
    ],
)
def test_a_wrong_expression_is_refused_where_it_is_wrong(expression: str, at: int, message: str) -> None:
    with pytest.raises(parsing.LogicProblem) as problem:
        parsing.parse(expression, names=NAMES)
    assert (problem.value.at, problem.value.message.en) == (at, message)


def test_a_pattern_takes_time_in_line_with_the_text() -> None:
    program = patterns.compile("((a*)*)*b")
    assert patterns.matches(program, "a" * 2000) is False
    assert patterns.matches(program, "a" * 1999 + "b") is True
    assert patterns.matches(program, "a" * 2001 + "b") is False
