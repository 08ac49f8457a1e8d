"""`python -m bench` prints a table of all; `python -m bench NAME --json` prints one line about one."""

import argparse
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.deployment import deployment

HELPERS = {"deployment", "result", "people", "bare", "visits", "__main__"}
COLUMNS = ("name", "value", "unit", "reference", "ratio", "target")


def names() -> list[str]:
    """List the benchmarks."""
    found = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in found if name not in HELPERS)


def measure(name: str, full: bool) -> dict[str, Any]:
    """Run one benchmark here, on a deployment of its own."""
    with deployment():
        result: dict[str, Any] = import_module(f"bench.{name}").run(full).as_dict()
    return result


def measure_all(full: bool) -> Iterator[dict[str, Any]]:
    """Run every benchmark in a process of its own, one after another."""
    for name in names():
        command = [sys.executable, "-m", "bench", name, "--json", *(["--full"] if full else [])]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        last = (done.stdout.strip().splitlines() or ["{}"])[-1]
        yield json.loads(last) if done.returncode == 0 else {"name": name, "value": "failed"}


def table(results: list[dict[str, Any]]) -> str:
    """Write results beneath one another, with growth and remarks under each."""
    rows = [[str(result.get(column, "")) for column in COLUMNS] for result in results]
    widths = [max(map(len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(COLUMNS, widths, strict=True))]
    for row, result in zip(rows, results, strict=True):
        lines.append("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
        lines += [f"    at {size}: {figure}" for size, figure in result.get("growth", {}).items()]
        lines += [f"    {result['remark']}"] if result.get("remark") else []
    return "\n".join(line.rstrip() for line in lines)


def main() -> int:
    """Run what was asked for; 1 when a benchmark failed."""
    words = argparse.ArgumentParser(prog="python -m bench")
    words.add_argument("name", nargs="?", choices=names())
    words.add_argument("--json", action="store_true")
    words.add_argument("--full", action="store_true", help="the large sizes too")
    asked = words.parse_args()
    results = [measure(asked.name, asked.full)] if asked.name else list(measure_all(asked.full))
    if asked.json:
        for result in results:
            print(json.dumps(result))
    else:
        print(table(results))
    return int(any(result["value"] == "failed" for result in results))


if __name__ == "__main__":
    sys.exit(main())
