"""What an operator and an attacker do to a deployment under test: erase, dump, restore, look at every address."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from amana.cli import postgres
from amana.gate import actions, forgetting
from amana.gate.door import _door, door
from amana.kernel.ids import CustomerId
from tests import database
from tests.world import World


@contextmanager
def as_owner() -> Iterator[None]:
    """Sign the alias `default` in as the owner, as `amana replay` and `amana rotate-keys` do."""
    name = connections["default"].settings_dict["NAME"]
    database.sign_in("amana_owner", name)
    try:
        yield
    finally:
        database.sign_in("amana_app", name)


def erase(world: World, customer: CustomerId) -> forgetting.Forgotten:
    """Carry out a request to be erased that the owner of the address confirmed."""
    service, system = world.session("service"), world.session("system")
    task = actions.plan(session=service, kind="request", purpose="rights", people=[customer], ref="request:1")
    opening = actions.open(
        session=system, purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    )
    actions.confirm_request(next(iter(opening.people)).links["erase"])
    return forgetting.forget(session=service, task=task)


def readable(world: World) -> int:
    """Count the sealed values that anybody with the keys at hand could still open, whatever the gate says."""
    rows = world.owner.execute(
        "SELECT count(*) FROM vault.value v JOIN vault.key k ON k.person = v.person WHERE k.epoch = ANY (%s)",
        [list(door().keys.numbers)],
    ).fetchone()
    assert rows is not None
    return int(rows[0])


def cut_journal(keep: int = 0) -> None:
    """Cut the erase journal off after `keep` records, at a line's end, as somebody else's process would find it."""
    journal = Path(settings.AMANA_HOME) / "journal" / "journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:keep]))
    new_process()


def new_process() -> None:
    """Read keys and journal anew, as a process that starts now does."""
    _door.cache_clear()


def dump(path: Path) -> None:
    """Dump the test's database with plain PostgreSQL tools, as its superuser."""
    _run("pg_dump", "--format=custom", f"--file={path}")


def restore(path: Path) -> None:
    """Restore a dump over the test's database by hand, as an engineer would: everything is replaced."""
    _run("pg_restore", "--clean", "--if-exists", "--exit-on-error", str(path))
    connections["default"].close()


def _program(name: str) -> str:
    own = os.environ["AMANA_TEST_PROGRAMS"]
    return str(Path(own) / name) if own else postgres.program(name)


def _run(program: str, *words: str) -> None:
    name = connections["default"].settings_dict["NAME"]
    where = f"host={os.environ['AMANA_TEST_SOCKET']} port=5432 user=postgres dbname={name}"
    subprocess.run(
        [_program(program), "--no-password", f"--dbname={where}", *words],
        env={**postgres.environment(), "PGPASSWORD": database.PASSWORD},
        check=True,
        capture_output=True,
    )


def addresses() -> list[str]:
    """Return one address for each URL the application serves."""
    return sorted({f"/{path}" for path in _walk(get_resolver().url_patterns)})


def _walk(patterns: "list[URLPattern | URLResolver]", before: str = "") -> Iterator[str]:
    for each in patterns:
        here = before + _filled(str(each.pattern))
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, here)
        else:
            yield here


def _filled(route: str) -> str:
    """Fill a route's parameters with something that fits their kind."""
    filled = ""
    for part in route.split("<"):
        kind, closed, rest = part.partition(">")
        if not closed:
            filled += part
            continue
        kind = kind.partition(":")[0] if ":" in kind else "str"
        filled += {"uuid": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "int": "1"}.get(kind, "x") + rest
    return filled
