"""Patterns take what Python's own take, for the part of them that is known here, and in the browser as well."""

import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from amana.surveys.logic import parsing, patterns
from amana.surveys.logic.tokens import LogicProblem

MATCH = """cases => cases.map(([program, text]) =>
    Amana.logic.evaluate(["regex", ["text", text], program], {}, {today: "2026-11-22"}))"""
QUIETLY = settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None,
    phases=[Phase.generate],
)  # fmt: skip
TEXTS = st.text("ab1٢-_ \n👋ا", max_size=7)


def written() -> st.SearchStrategy[str]:
    """Return patterns that mean the same to Python."""
    single = st.sampled_from(
        ["a", "b", "1", "٢", "👋", "ا", ".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\-", r"\.", "-"]
    )
    classes = st.sampled_from(
        ["[ab]", "[^a]", "[a-b1]", r"[\d-]", r"[^\s\w]", "[-a]", "[]a]", "[ا-ي]", "[^👋]"]
    )
    mark = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,}", "{0,3}", "{0}"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        group = st.tuples(st.sampled_from(["(", "(?:"]), inner, st.just(")"), mark).map("".join)
        either = st.tuples(inner, st.just("|"), inner).map("".join)
        return st.one_of(group, either, st.tuples(inner, inner).map("".join))

    return st.recursive(st.tuples(single | classes, mark).map("".join), grown, max_leaves=8)


@QUIETLY
@given(cases=st.lists(st.tuples(written(), TEXTS), min_size=20, max_size=40))
def test_a_pattern_means_what_it_means_elsewhere(page: Page, cases: list[tuple[str, str]]) -> None:
    programs = [(patterns.compile(pattern), text) for pattern, text in cases]
    here = [patterns.matches(program, text) for program, text in programs]
    assert here == [re.fullmatch(pattern, text) is not None for pattern, text in cases]
    assert page.evaluate(MATCH, [list(each) for each in programs]) == here


@QUIETLY
@given(pattern=st.text("ab(|)*+?{}[]^$\\d-,12.", max_size=12))
def test_what_is_no_pattern_is_said_and_never_a_fault(pattern: str) -> None:
    try:
        parsing.parse(f"regex(., '{pattern}')", names=())
    except LogicProblem as problem:
        assert problem.message.en.startswith("The pattern is ")  # noqa: PT017


PIECES = [
    "1",
    ".5",
    "'a'",
    "${q}",
    "${x}",
    ".",
    "not",
    "if",
    "(",
    ")",
    ",",
    "+",
    "-",
    "and",
    "or",
    "=",
    "<=",
    " ",
    "٣",
]


@QUIETLY
@given(text=st.lists(st.sampled_from([*PIECES, "div", "$", "'"]), max_size=14).map("".join))
def test_what_is_no_expression_is_said_and_never_a_fault(text: str) -> None:
    try:
        parsing.parse(text, names=("q",))
    except LogicProblem as problem:
        assert 0 <= problem.at <= len(text)  # noqa: PT017


def test_ends_may_be_marked_where_the_whole_text_is_meant_anyway() -> None:
    program = patterns.compile("^$|^a+$|b$")
    assert [patterns.matches(program, text) for text in ("", "aa", "b", "ab", "$", "^")] == [True] * 3 + [
        False
    ] * 3


@pytest.mark.parametrize(
    ("pattern", "place"),
    [("^(", 3), ("^a**", 4), ("a|*", 3), ("(^a)", 2), ("a$b|c", 2), ("(a$|b)", 3), ("[b-a]", 5), (r"\q", 3)],
)
def test_the_place_of_a_fault_counts_every_character(pattern: str, place: int) -> None:
    with pytest.raises(patterns.PatternProblem) as problem:
        patterns.compile(pattern)
    assert problem.value.message.en == f"The pattern is not right at position {place}."
