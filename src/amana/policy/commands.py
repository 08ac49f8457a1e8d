"""What `amana policy check | diff | publish` print, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from amana.kernel.text import Bilingual
from amana.policy import actions, diff, parsing
from amana.policy.diff import Change, Difference, Direction
from amana.policy.document import Policy
from amana.policy.problems import PolicyInvalid

_MARKS: Mapping[Direction, tuple[str, Bilingual]] = {
    "wider": ("▲", Bilingual(ar="أوسع", en="wider")),
    "narrower": ("▼", Bilingual(ar="أضيق", en="narrower")),
    "changed": ("◆", Bilingual(ar="تغيّر", en="changed")),
    "reworded": ("✎", Bilingual(ar="صياغة", en="reworded")),
}


@dataclass(frozen=True, slots=True)
class Report:
    """What a command prints, and whether all is well (its exit code)."""

    ok: bool
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Running:
    """What runs now; number 0 and no policy before the first publication."""

    number: int
    policy: Policy | None


def check(path: Path | str) -> Report:
    """Check a policy file and report every fault with its file, line and field. Needs no database."""
    try:
        policy = parsing.parse(_read(path), file=str(path))
    except PolicyInvalid as invalid:
        return _faults(invalid)
    counts = Bilingual(
        ar=f"الأغراض: {len(policy.purposes)}، المعلومات: {len(policy.categories)}",
        en=f"purposes: {len(policy.purposes)}, categories: {len(policy.categories)}",
    )
    return Report(True, f"{path}\n  السياسة سليمة. {counts.ar}.\n  The policy is sound ({counts.en}).")


def compare(
    path: Path | str, *, connection: "psycopg.Connection[Any]", people: Mapping[str, int] | None = None
) -> Report:
    """Report what a file would change; `people` counts those who consented, by purpose, where known."""
    try:
        new = parsing.parse(_read(path), file=str(path))
    except PolicyInvalid as invalid:
        return _faults(invalid)
    running = find_running(connection)
    return Report(True, describe(running, new, people or {}))


def publish(path: Path | str, *, connection: "psycopg.Connection[Any]", actor: str) -> Report:
    """Publish a file and report what changed. Raises Refusal policy_unchanged, policy_moved_on."""
    try:
        text = _read(path)
        new = parsing.parse(text, file=str(path))
    except PolicyInvalid as invalid:
        return _faults(invalid)
    running = find_running(connection)
    number = actions.publish(text=text, connection=connection, actor=actor, against=running.number)
    said = Bilingual(
        ar=f"سرى الإصدار {number} من السياسة.", en=f"Version {number} of the policy is in force."
    )
    return Report(True, f"{describe(running, new, {})}\n\n{said.ar}\n{said.en}")


def find_running(connection: "psycopg.Connection[Any]") -> Running:
    """Read what runs through a login of the caller's: the application's or the publisher's."""
    row = connection.execute(
        "SELECT h.version, t.yaml FROM policy.head() h, LATERAL policy.text_of(h.version) t"
    ).fetchone()
    return Running(row[0], parsing.parse_published(row[1])) if row else Running(0, None)


def describe(running: Running, new: Policy, people: Mapping[str, int]) -> str:
    """Write the difference for people: each change, then who is asked again."""
    difference = diff.compare(running.policy, new)
    if running.policy is None:
        return (
            "هذا أول إصدار، ولا توجد سياسة سارية للمقارنة بها.\nThis is the first version; nothing runs yet."
        )
    if not difference.changes:
        return f"لا فرق عن الإصدار {running.number}.\nNo difference from version {running.number}."
    lines = [f"مقارنة بالإصدار {running.number}", f"Compared with version {running.number}", ""]
    lines += [line for change in difference.changes for line in _change(change)]
    return "\n".join([*lines, "", *_again(difference, new, people)])


def _change(change: Change) -> list[str]:
    mark, word = _MARKS[change.direction]
    head = f"{mark} {change.field} ({word.ar} / {word.en})"
    values = [f"    − {change.before}"] * (change.before not in (None, "✓"))
    values += [f"    + {change.after}"] * (change.after not in (None, "✓"))
    if change.purposes and not change.field.startswith("purposes."):
        values.append(f"    ← {', '.join(change.purposes)}")
    return [head, *values]


def _again(difference: Difference, new: Policy, people: Mapping[str, int]) -> list[str]:
    if not difference.asked_again:
        return ["لا يُسأل أحد من جديد.", "Nobody is asked again."]
    lines = ["يُسأل من جديد، قبل أن يبدأ الاستخدام الأوسع، كل من وافق على:"]
    lines.append("Asked again before the wider use begins, everyone who agreed to:")
    for name in difference.asked_again:
        label = new.purposes[name].name
        count = f" · {people[name]}" if name in people else ""
        lines.append(f"  • {name}: {label.ar} | {label.en}{count}")
    return lines


def _read(path: Path | str) -> str:
    return parsing.canonical(Path(path).read_bytes(), file=str(path))


def _faults(invalid: PolicyInvalid) -> Report:
    found = "\n".join(str(problem) for problem in invalid.problems)
    count = len(invalid.problems)
    told = invalid.message
    assert isinstance(told, Bilingual)
    return Report(False, f"{found}\n\n{told.ar} ({count})\n{told.en} ({count})")
