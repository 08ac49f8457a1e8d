"""The rules of the house that can be read off the files, each as a function from files to violations."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "src" / "amana"
LINES_MAX = 400
# The gate keeps its uses in a schema of their own, so that their partitions come and go by themselves.
SCHEMA_OF = {"uses": "gate"}

PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius\b"
    r"|(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)"
)
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|<script\b(?![^>]*\ssrc\s*=)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
SQL_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
DEPENDENCY = re.compile(r"\(\s*[\"'](\w+)[\"']\s*,\s*[\"'](?:\d{4}_\w+|__first__|__latest__)[\"']\s*\)")

Files = Mapping[str, str]


def floors() -> list[list[str]]:
    """Return the rooms, floor by floor from the top, as the import contract lists them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "down-only")
    return [re.findall(r"\w+", layer) for layer in layers]


def below(room: str) -> set[str]:
    """Return the room itself and all on lower floors."""
    order = floors()
    floor = next(number for number, rooms in enumerate(order) if room in rooms)
    return {room, *(lower for rooms in order[floor + 1 :] for lower in rooms)}


def files(pattern: str, under: Path = ROOMS) -> dict[str, str]:
    """Return the files that match, by their path inside `under`."""
    found = sorted(path for path in under.glob(pattern) if path.is_file())
    return {path.relative_to(under).as_posix(): path.read_text("utf-8") for path in found}


def upward_sql(sources: Files) -> list[str]:
    """Name every SQL file that reaches into a room above its own or beside it (`<room>/sql/<file>`)."""
    names = {room: room for rooms in floors() for room in rooms} | SCHEMA_OF
    in_schema = re.compile(rf"(?<![\w.])({'|'.join(names)})\.(?=[a-z_\"])")
    in_public = re.compile(rf"(?<![\w.])public\.({'|'.join(names)})_")
    found = []
    for path, text in sources.items():
        bare = SQL_COMMENT.sub("", text)
        reached = {names[hit] for hit in [*in_schema.findall(bare), *in_public.findall(bare)]}
        found += [f"{path} names {room}" for room in sorted(reached - below(path.split("/")[0]))]
    return found


def upward_migrations(sources: Files) -> list[str]:
    """Name every migration that depends on a room above its own or beside it."""
    known = {room for rooms in floors() for room in rooms}
    found = []
    for path, text in sources.items():
        # `run_before` points upwards by its nature: it says what comes later.
        wanted = set(DEPENDENCY.findall(re.sub(r"run_before\s*=\s*\[[^\]]*\]", "", text))) & known
        found += [f"{path} depends on {room}" for room in sorted(wanted - below(path.split("/")[0]))]
    return found


def too_long(sources: Files) -> list[str]:
    """Name every file that should have become a package."""
    return [
        f"{path} has {text.count(chr(10))} lines"
        for path, text in sources.items()
        if text.count("\n") >= LINES_MAX
    ]


def _lines(sources: Files, pattern: re.Pattern[str]) -> Iterable[str]:
    for path, text in sources.items():
        for match in pattern.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, match.start()) + 1} {match.group().strip()}"


def physical_sides(sources: Files) -> list[str]:
    """Name every line of a stylesheet that says left or right where it means start or end."""
    blank = {path: re.sub(r"/\*.*?\*/", lambda hit: "\n" * hit.group().count("\n"), text, flags=re.DOTALL)
             for path, text in sources.items()}  # fmt: skip
    return list(_lines(blank, PHYSICAL))


def inline_code(sources: Files) -> list[str]:
    """Name every place of a page that carries script or style in itself, which its CSP would refuse."""
    blank = {path: re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.DOTALL)
             for path, text in sources.items()}  # fmt: skip
    return list(_lines(blank, INLINE))
