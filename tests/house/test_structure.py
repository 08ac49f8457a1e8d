"""The house keeps its own rules, and each rule is seen to catch a planted violation."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import rules

LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def _lint(root: Path) -> tuple[int, str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(root / "src"),
        "DJANGO_SETTINGS_MODULE": "amana.web.settings",
    }
    done = subprocess.run(LINT, cwd=root, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the sources in which something can be planted."""
    keep_python = shutil.ignore_patterns("__pycache__", "static", "locale", "templates", "sql")
    shutil.copytree(rules.ROOMS, tmp_path / "src" / "amana", ignore=keep_python)
    shutil.copy(rules.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def _plant(root: Path, module: str, line: str) -> None:
    path = root / "src" / "amana" / module
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{line}\n", "utf-8")


def test_imports_keep_their_contracts() -> None:
    code, said = _lint(rules.ROOT)
    assert code == 0, said


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("kernel/planted.py", "import amana.ledger", "amana.kernel is not allowed to import amana.ledger"),
        (
            "retailer/planted.py",
            "import amana.consent",
            "amana.retailer is not allowed to import amana.consent",
        ),
        ("cli/planted.py", "from amana.vault import keys", "amana.cli.planted -> amana.vault"),
        ("misc/planted.py", "import amana.kernel", "amana.misc"),
    ],
    ids=["upwards", "sideways", "past-the-gate", "a-room-nobody-declared"],
)
def test_import_contracts_catch(copy: Path, module: str, line: str, contract: str) -> None:
    _plant(copy, module, line)
    code, said = _lint(copy)
    assert (code, contract in said) == (1, True), said


def test_sql_names_only_rooms_below() -> None:
    assert rules.upward_sql(rules.files("*/sql/**/*.sql")) == []


def test_sql_rule_catches_the_floor_above_and_the_same_floor() -> None:
    planted = {
        "ledger/sql/a.sql": "SELECT policy.current_version(); -- gate.now()",
        "consent/sql/b.sql": "SELECT 1 FROM vault.person, policy.term, consent.decision",
        "gate/sql/c.sql": "INSERT INTO uses.call SELECT 1 FROM public.campaigns_message",
        "vault/sql/d.sql": "SELECT 1 FROM uses.call",
    }
    assert rules.upward_sql(planted) == [
        "ledger/sql/a.sql names policy",
        "consent/sql/b.sql names vault",
        "gate/sql/c.sql names campaigns",
        "vault/sql/d.sql names gate",
    ]


def test_migrations_depend_only_on_rooms_below() -> None:
    assert rules.upward_migrations(rules.files("*/migrations/*.py")) == []


def test_migration_rule_catches() -> None:
    planted = {
        "ledger/migrations/0001_initial.py": 'needs = [("kernel", "0001_schemas"), ("gate", "0001_initial")]',
        "kernel/migrations/0001_schemas.py": 'run_before = [("gate", "0001_initial")]',
    }
    assert rules.upward_migrations(planted) == ["ledger/migrations/0001_initial.py depends on gate"]


def test_files_are_short() -> None:
    assert [
        name for kind in ("py", "sql", "html", "js") for name in rules.too_long(rules.files(f"**/*.{kind}"))
    ] == []
    assert rules.too_long(rules.files("**/*.py", rules.ROOT / "tests")) == []


def test_length_rule_catches() -> None:
    assert rules.too_long({"a.py": "\n" * 399, "b.py": "\n" * 400}) == ["b.py has 400 lines"]


def test_styles_know_start_and_end_only() -> None:
    assert rules.physical_sides(rules.files("**/*.css")) == []


def test_style_rule_catches() -> None:
    planted = (
        "a { margin-left: 1em }\nb { right: 0; text-align: left }\n/* left: fine */\nc { inset-inline: 0 }\n"
    )
    assert rules.physical_sides({"a.css": planted}) == [
        "a.css:1 margin-left",
        "a.css:2 right:",
        "a.css:2 text-align: left",
    ]


def test_pages_carry_no_code_of_their_own() -> None:
    # A mail is no page: no policy guards it, and mail readers know no stylesheet but their own.
    pages = {
        path: text
        for path, text in rules.files("*/templates/**/*.html").items()
        if not path.rsplit("/", 1)[1].startswith("mail")
    }
    assert rules.inline_code(pages) == []


def test_inline_rule_catches() -> None:
    planted = (
        '<p style="x">\n<script>1</script><script src="a.js"></script>\n<a onclick="x" href="javascript:1">'
    )
    assert rules.inline_code({"a.html": planted}) == [
        "a.html:1 style=",
        "a.html:2 <script",
        'a.html:3 onclick="',
        "a.html:3 javascript:",
    ]
