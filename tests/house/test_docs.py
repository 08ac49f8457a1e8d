"""The documentation is a contract: what the code knows by name, a page knows too."""

import re
from pathlib import Path

import pytest
import yaml

from amana.cli.main import main
from amana.gate import verification
from amana.ledger.verify import findings
from tests.house import documented, rules

EXAMPLE = yaml.safe_load((rules.ROOT / "examples" / "redtag" / "policy.yaml").read_text("utf-8"))
PROMISES = (documented.DOCS / "promises.md").read_text("utf-8")
DECISIONS = "\n".join(path.read_text("utf-8") for path in (documented.DOCS / "decisions").glob("*.md"))
COMMANDS = dict(documented.commands(main))
# Where somebody's machine keeps things, and words of a workshop that mean nothing to who reads the product.
MACHINE = re.compile(r"/(?:work|root|Users)/\w|/home/[a-z]\w*/|/tmp/(?:amana|pgx)\b")
WORKSHOP = re.compile(
    r"\b(?:CONTRACT|WAVE2|HOUSE|MODELS)\.md\b|\bissues? (?:show|#)|\bshared/(?:design|vectors|hooks)\b"
    r"|\b(?:sub-?agents?|chatbots?|language models?|LLMs?)\b",
    re.IGNORECASE,
)


def test_every_refusal_is_documented_with_its_status() -> None:
    rows = documented.rows("refusals")
    known = {
        (code, int(rest.split("|")[0])) for code, rest in rows.items() if rest.split("|")[0].strip().isdigit()
    }
    assert sorted(set(documented.refusals()) - known) == []
    assert sorted(known - set(documented.refusals())) == []


def test_every_reason_to_leave_somebody_out_is_documented() -> None:
    assert documented.missing(documented.reasons(), documented.rows("refusals")) == []
    assert len(documented.reasons()) > 10


def test_every_event_of_the_ledger_is_documented() -> None:
    events = documented.events()
    assert documented.missing(events, documented.rows("events")) == []
    assert documented.missing(documented.rows("events"), events) == []


def test_an_undocumented_event_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        'note(event="a.one", payload={"x": "not.one"})\n_note(x, "a.two")\nevent = "a.three" if x else "a.four"\n',
        "utf-8",
    )
    (tmp_path / "b.sql").write_text(
        "PERFORM ledger.record('gate.five', 0, p); SELECT hashtextextended('gate.lock', 0)", "utf-8"
    )
    assert documented.events(tmp_path) == {"a.one", "a.two", "a.three", "a.four", "gate.five"}


def test_every_finding_is_documented() -> None:
    reasons = {**verification.REASONS, **findings.REASONS}
    assert documented.missing(reasons, documented.rows("findings")) == []


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_and_option_is_documented(command: str) -> None:
    lines = [line for line in documented.page("commands").splitlines() if line.startswith(f"| `{command}")]
    told = documented.CODE.findall(" ".join(lines))
    assert any(re.fullmatch(rf"{command}(?: [A-Z]+)*", name) for name in told)
    options = documented.called(COMMANDS[command])
    if command == "amana demo":  # its row says: and all of `serve`
        options = [name for name in options if name not in documented.called(COMMANDS["amana serve"])]
    assert documented.missing(options, told) == []


def test_every_setting_is_documented() -> None:
    assert documented.missing(documented.settings(), documented.written("settings")) == []


def test_every_key_of_the_policy_file_is_documented() -> None:
    assert documented.missing(documented.policy_keys(), documented.written("policy")) == []


def test_every_purpose_and_category_of_the_example_is_documented() -> None:
    rows = documented.rows("policy")
    assert documented.missing([*EXAMPLE["purposes"], *EXAMPLE["categories"]], rows) == []
    for name, purpose in EXAMPLE["purposes"].items():
        cells = [cell.strip() for cell in rows[name].split("|")]
        assert (cells[0], cells[2]) == (purpose["clause"], ", ".join(purpose["categories"]))


def test_every_clause_has_its_row_with_its_tests() -> None:
    clauses = {*EXAMPLE["clauses"], *(purpose["clause"] for purpose in EXAMPLE["purposes"].values())}
    told = {row[0]: row[1] for row in re.findall(r"^\| ([A-Z]\d+) \|(.*)\|$", PROMISES, re.MULTILINE)}
    assert documented.missing(clauses, told) == []
    tested = documented.tested()
    named = {clause: set(re.findall(r"tests/[\w/]+\.py", row)) for clause, row in told.items()}
    assert {clause: sorted(files - tested.get(clause, set())) for clause, files in named.items()} == {
        clause: [] for clause in told
    }
    assert [clause for clause in tested if clause in told and not named[clause]] == []


def test_every_library_has_its_reason() -> None:
    assert [name for name in documented.libraries() if f"`{name}`" not in DECISIONS] == []


def test_a_limit_that_no_code_reads_is_said_to_be_read_by_nothing() -> None:
    sources = {**rules.files("**/*.py"), **rules.files("**/*.sql")}
    sources = {path: text for path, text in sources.items() if not path.endswith("policy/limits.py")}
    assert documented.read_limits(sources.values()) == documented.acted_on()
    assert documented.read_limits([]) == set()
    assert documented.read_limits(['days("breach_hours")', "nothing of 'quiet_hours_'"]) == {"breach_hours"}


def test_every_room_stands_in_the_structure() -> None:
    told = documented.CODE.findall((documented.DOCS / "structure.md").read_text("utf-8"))
    rooms = [path.parent.name for path in rules.ROOMS.glob("*/__init__.py")]
    assert documented.missing(rooms, told) == []


def test_no_link_leads_nowhere() -> None:
    assert documented.broken_links() == []


def test_the_repository_speaks_of_the_product_alone() -> None:
    sources = [(path, text) for path, text in documented.texts() if path != "tests/house/test_docs.py"]
    assert len(sources) > 100
    assert documented.told(MACHINE, sources) == []
    assert documented.told(WORKSHOP, sources) == []


def test_a_planted_path_is_found(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("All is well.\nSee /home/somebody/amana.\n", "utf-8")
    assert documented.told(MACHINE, documented.texts(tmp_path)) == ["README.md:2 /home/somebody/"]
