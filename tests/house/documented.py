"""What the code knows by name and a reference page has to know too, read off the sources."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click

from amana.policy import document
from amana.policy.limits import SHAPES
from tests.house import rules

DOCS = rules.ROOT / "docs"
EVENT = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
LOCKED = re.compile(r"'((?:consent|gate|policy|vault|retailer|ledger|uses|identity)\.[a-z_]+)'")
# Names of locks and sequences look like events.
NO_EVENT = re.compile(r"(?:hashtextextended|nextval|to_regclass)\('[^']*'")
DECISIONS = re.compile(r"kind IN \(([^)]*)\)")
CODE = re.compile(r"`([^`\n]+)`")
ROW = re.compile(r"^\| `([^`]+)` \|(.*)\|$", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TESTED = re.compile(r"def test_([a-z][0-9]+)_")
KEPT = (
    "src", "tests", "bench", "docs", "deploy", "examples", ".ci", "README.md", "Makefile", "pyproject.toml",
    "requirements.in", "requirements-dev.in",
)  # fmt: skip
TEXT = frozenset(
    {".py", ".sql", ".md", ".html", ".css", ".yaml", ".toml", ".sh", ".po", ".txt", ".in", ".svg", ".js", ""}
)

# Another process: tests register refusals of their own.
_REGISTERED = """
import importlib, json, pkgutil, django
django.setup()
import amana
from amana.kernel import refusal
for module in pkgutil.walk_packages(amana.__path__, "amana."):
    if not module.name.endswith(("__main__", ".asgi", ".wsgi")) and ".migrations" not in module.name:
        importlib.import_module(module.name)
print(json.dumps([[one.code, one.status] for one in refusal.registered()]))
"""


def page(name: str) -> str:
    """Return a reference page."""
    return (DOCS / "reference" / f"{name}.md").read_text("utf-8")


def written(name: str) -> frozenset[str]:
    """Return everything that a reference page sets in code."""
    return frozenset(CODE.findall(page(name)))


def rows(name: str) -> dict[str, str]:
    """Return the rest of each row of a page's tables, by the name it begins with."""
    return dict(ROW.findall(page(name)))


def missing(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the names that a page does not know."""
    return sorted(set(names) - set(known))


@cache
def refusals() -> tuple[tuple[str, int], ...]:
    """Return code and status of every refusal of the product, from a process where no test registers any."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "amana.web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", _REGISTERED], env=environment, capture_output=True, text=True, check=True
    )
    return tuple((code, status) for code, status in json.loads(done.stdout))


def reasons() -> list[str]:
    """Return why people are left out, as the one rule that judges them says it."""
    rule = (rules.ROOMS / "gate" / "sql" / "checks.sql").read_text("utf-8")
    return re.findall(r"THEN '([a-z_]+)'", rule[rule.index("CREATE FUNCTION gate.judge") :])


def events(under: Path = rules.ROOMS) -> set[str]:
    """Return the name of every event that the sources record."""
    found = {
        event for path in under.rglob("*.py") for event in _events_of(ast.parse(path.read_text("utf-8")))
    }
    for path in under.rglob("*.sql"):
        found |= set(LOCKED.findall(NO_EVENT.sub("", path.read_text("utf-8"))))
    tables = under / "consent" / "sql" / "tables.sql"
    kinds = DECISIONS.search(tables.read_text("utf-8")) if tables.exists() else None
    return found | {f"consent.{kind}" for kind in re.findall(r"'([a-z_]+)'", kinds.group(1) if kinds else "")}


def _events_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            given = [word.value for word in node.keywords if word.arg == "event"]
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield from _texts([*given, *(node.args if name.strip("_") == "note" else [])])
        elif isinstance(node, ast.Assign) and any(getattr(to, "id", "") == "event" for to in node.targets):
            yield from _texts([node.value])


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and isinstance(part.value, str) and EVENT.fullmatch(part.value):
                yield part.value


def settings(under: Path = rules.ROOMS) -> set[str]:
    """Return the name of every variable of the environment that the sources hold."""
    found = set()
    for path in under.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= set(re.findall(r"^(?:AMANA_[A-Z_]+|PORT|DJANGO_SETTINGS_MODULE)$", node.value))
    return found


def commands(group: click.Group, path: str = "amana") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, f"{path} {name}")
        elif found is not None:
            yield f"{path} {name}", found


def called(command: click.Command) -> list[str]:
    """Return the long options of a command."""
    options = [option for option in command.params if isinstance(option, click.Option)]
    return [max(option.opts, key=len) for option in options]


def policy_keys() -> set[str]:
    """Return every key that a policy file may have."""
    records = (
        document.Controller, document.Contacts, document.Authority, document.Jurisdiction, document.Limit,
        document.Channel, document.Role, document.Recipient, document.Category, document.Purpose,
        document.Automatic, document.AutomaticItem, document.Destination, document.Evidence, document.Clause,
        document.Section, document.Policy, document.Website, document.WebsiteEvent, document.Property,
    )  # fmt: skip
    return {field.name for record in records for field in fields(record)} | set(SHAPES)


def libraries() -> list[str]:
    """Return what the product and its tests are built on, as `requirements*.in` name it."""
    found = []
    for name in ("requirements.in", "requirements-dev.in"):
        lines = (rules.ROOT / name).read_text("utf-8").splitlines()
        found += [
            re.split(r"[\[<>=~! ]", line)[0] for line in lines if line and not line.startswith(("-", "#"))
        ]
    return found


def broken_links() -> list[str]:
    """Name every link of a page to a file that is not there; pictures are put in place by hand."""
    return [
        f"{path.relative_to(rules.ROOT)} → {target}"
        for path in _pages()
        for target in LINK.findall(path.read_text("utf-8"))
        if "://" not in target and "docs/images/" not in target and not (path.parent / target).exists()
    ]


def _pages() -> list[Path]:
    return sorted([*DOCS.rglob("*.md"), rules.ROOT / "README.md"])


def tested() -> dict[str, set[str]]:
    """Return by clause the files whose tests bear its id."""
    found: dict[str, set[str]] = {}
    for path in (rules.ROOT / "tests").rglob("test_*.py"):
        for clause in TESTED.findall(path.read_text("utf-8")):
            found.setdefault(clause.upper(), set()).add(path.relative_to(rules.ROOT).as_posix())
    return found


def texts(root: Path = rules.ROOT) -> Iterator[tuple[str, str]]:
    """Yield path and content of every text that belongs to the repository."""
    for name in KEPT:
        place = root / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
                yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def told(pattern: re.Pattern[str], sources: Iterable[tuple[str, str]]) -> list[str]:
    """Name every place where a pattern stands."""
    return [
        f"{path}:{text.count(chr(10), 0, hit.start()) + 1} {hit.group()}"
        for path, text in sources
        for hit in pattern.finditer(text)
    ]


def read_limits(sources: Iterable[str]) -> set[str]:
    """Return the limits of a place's law that any of these sources names; what declares them is none of these."""
    text = "\n".join(sources)
    return {limit for limit in SHAPES if re.search(rf"[\"']{limit}[\"']", text)}


def acted_on() -> frozenset[str]:
    """Return the limits that the reference says the code acts on."""
    [said] = re.findall(r"Of these limits the code acts on (.*?) Three ask", page("policy"))
    return frozenset(CODE.findall(said))
