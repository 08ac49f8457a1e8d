"""Install a room's SQL files by migration, under the roles that are to own them."""

from collections.abc import Sequence
from pathlib import Path

from django.db.migrations.operations import RunSQL
from django.db.migrations.operations.base import Operation

ROOMS = Path(__file__).resolve().parent.parent
DEFINER = "amana_definer"


def install(
    room: str, *, tables: Sequence[str] = (), functions: Sequence[str] = (), schema: str | None = None
) -> list[Operation]:
    """Return the operations that install `tables` as the owner, then `functions` as the definer.

    File names are relative to the room's `sql/` folder. Functions belong to `amana_definer`, which is neither
    login nor superuser; it may create in the schema only while its functions are being installed.
    """
    target = schema or room
    operations: list[Operation] = [run(room, name) for name in tables]
    if tables:
        operations.append(RunSQL(_grant_tables(target), RunSQL.noop))
    if functions:
        bodies = "\n".join(_read(room, name) for name in functions)
        operations.append(RunSQL(_as_definer(target, bodies), RunSQL.noop))
    return operations


def run(room: str, name: str) -> RunSQL:
    """Return the operation that runs one of the room's SQL files as the owner."""
    return RunSQL(_read(room, name), RunSQL.noop)


def _read(room: str, name: str) -> str:
    return (ROOMS / room / "sql" / name).read_text("utf-8")


def _grant_tables(schema: str) -> str:
    return (
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {DEFINER};\n"
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {DEFINER};"
    )


# What a caller may set for the session, and what would reach into a function: how its text is read, and traces of it
# sent to whoever called. Bound to each function that runs with more rights than its caller.
_BOUND = (
    "standard_conforming_strings = on",
    "transform_null_equals = off",
    "debug_print_parse = off",
    "debug_print_rewritten = off",
    "debug_print_plan = off",
)
_BIND = """
DO $bind$ DECLARE made regprocedure; BEGIN
    FOR made IN SELECT p.oid FROM pg_proc p WHERE p.prosecdef AND p.pronamespace = '<schema>'::regnamespace
        AND p.proowner = 'amana_definer'::regrole
    LOOP
        <alter>
    END LOOP;
END $bind$;"""


def _as_definer(schema: str, bodies: str) -> str:
    return (
        f"GRANT CREATE ON SCHEMA {schema} TO {DEFINER};\n"
        f"SET LOCAL ROLE {DEFINER};\n{bodies}\n{_bind(schema)}\nRESET ROLE;\n"
        f"REVOKE CREATE ON SCHEMA {schema} FROM {DEFINER};"
    )


def _bind(schema: str) -> str:
    alter = "\n".join(f"EXECUTE format('ALTER FUNCTION %s SET {setting}', made);" for setting in _BOUND)
    return _BIND.replace("<schema>", schema).replace("<alter>", alter)
