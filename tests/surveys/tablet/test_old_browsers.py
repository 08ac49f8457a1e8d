"""Tablets are five years old: their scripts are ES2017 and their style sheet rests on nothing newer than 2021."""

import json
import re
import subprocess
from pathlib import Path

import playwright
import pytest

from amana.surveys.tablet import shell

# The parser that Node.js brings along, in the Node.js that Playwright brings along.
NODE = Path(playwright.__file__).parent / "driver" / "node"
PARSE = """
const acorn = require("internal/deps/acorn/acorn/dist/acorn");
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = {};
for (const name of Object.keys(told)) {
  try { acorn.parse(told[name], {ecmaVersion: 2017, sourceType: "script"}); }
  catch (problem) { found[name] = problem.message; }
}
process.stdout.write(JSON.stringify(found));
"""
# Chrome 90 (April 2021) knows none of these: such a selector takes its whole rule along, such a query its block.
NEWER_RULES = re.compile(
    r":has\(|:user-valid|@layer|@container|@scope|@property|@starting-style|@supports selector|@view|&\s*[:.\[>]"
)
# A declaration it does not know is dropped: these may stand where what is dropped is an adornment.
NEWER_VALUES = re.compile(
    r"\b(?:color-mix|oklch|oklab|lab|lch|light-dark|anchor|env|cqi|cqw)\(|\b\d+(?:dvh|svh|lvh|dvw|svw|lvw|cqi|cqw|lh)\b"
    r"|\b(?:inset-area|anchor-name|text-box|field-sizing|interpolate-size|view-transition-name)\b"
)
# Methods and classes that came after Chrome 90, and that no parser finds.
NEWER_CALLS = re.compile(
    r"\.(?:at|findLast|findLastIndex|toSorted|toReversed|with|hasOwn|groupBy|replaceAll|structuredClone|showModal)\("
    r"|structuredClone\(|randomUUID\(|Object\.(?:hasOwn|groupBy)\(|Promise\.withResolvers|\binert\b|AbortSignal\.timeout"
)


def refused(scripts: dict[str, str], folder: Path) -> dict[str, str]:
    """Return what an ES2017 parser says of each script that it refuses."""
    program = folder / "parse.js"
    program.write_text(PARSE, "utf-8")
    done = subprocess.run(
        [NODE, "--expose-internals", program],
        input=json.dumps(scripts),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


def test_scripts_have_no_newer_syntax(tmp_path: Path) -> None:
    scripts = {"tablet": shell.script().plain.decode(), "worker": shell.worker()}
    assert refused(scripts, tmp_path) == {}


@pytest.mark.parametrize(
    "newer",
    ["a?.b", "a ?? b", "x = {...y}", "try { f() } catch { g() }", "class A { b = 1 }", "1_000", "a ||= b"],
)
def test_the_parser_knows_what_is_newer(newer: str, tmp_path: Path) -> None:
    assert list(refused({"newer": newer}, tmp_path)) == ["newer"]


def test_scripts_call_nothing_newer() -> None:
    assert NEWER_CALLS.findall(shell.script().plain.decode() + shell.worker()) == []


def test_the_style_sheet_rests_on_nothing_newer() -> None:
    sheet = shell.sheet().plain.decode()
    assert NEWER_RULES.findall(sheet) == []
    rules = re.findall(r"[^{}]+\{[^{}]*\}", sheet)
    newer = [rule for rule in rules if NEWER_VALUES.search(rule)]
    assert [rule for rule in newer if not rule.startswith(("body", "tbody tr:hover", ".framed"))] == []
