"""Reach the lake: DuckDB inside this process, its extensions from their wheels, the catalogue in PostgreSQL.

A process keeps one reading and one writing instance. Neither can open anything but the lake: no other file, no
network, no further extension, no other setting. Passwords go in as DuckDB secrets, which it never shows.
"""

import importlib.util
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import duckdb
import psycopg
from django.conf import settings
from django.db import connections

from amana.collect.lake.place import Place, place

Mode: TypeAlias = Literal["reading", "writing", "making"]
Lake: TypeAlias = duckdb.DuckDBPyConnection
Session: TypeAlias = psycopg.Connection[tuple[Any, ...]]

# httpfs brings the cipher of encrypted Parquet as well.
EXTENSIONS: Final = ("httpfs", "postgres_scanner", "ducklake")
SCHEMA: Final = "lake"
# Whoever changes the lake holds this lock; `files` is held by whoever removes its files or copies them.
WRITING: Final = "collect.lake"
FILES: Final = "collect.lake.files"


@dataclass
class _Instance:
    """DuckDB of this process for one mode, and the addresses it was opened with."""

    base: Lake
    where: tuple[Mapping[str, Any], Place]
    lock: threading.Lock = field(default_factory=threading.Lock)


_instances: dict[Mode, _Instance] = {}
_opening = threading.Lock()


@contextmanager
def reading(prepare: Callable[[Lake], None] | None = None) -> Iterator[Lake]:
    """Lend a connection to the lake, attached read-only as `lake`, at one snapshot for the whole block.

    `prepare` is given the connection before the snapshot is taken; what it makes there is temporary. Raises
    duckdb.Error where the catalogue or a file cannot be reached.
    """
    cursor = _cursor("reading")
    try:
        if prepare is not None:
            prepare(cursor)
        cursor.execute("BEGIN TRANSACTION READ ONLY")
        yield cursor
    finally:
        with suppress(duckdb.Error):
            cursor.execute("ROLLBACK")
        cursor.close()


@contextmanager
def writing(*, wait_seconds: int = 120) -> Iterator["Writer"]:
    """Lend a connection that may change the lake, attached as `lake`, and the inbox as `inbox`; one at a time.

    Raises psycopg.errors.LockNotAvailable when another writer holds the lake for longer.
    """
    with catalogue() as session:
        session.execute("SELECT set_config('lock_timeout', %s, false)", [f"{wait_seconds}s"])
        session.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [WRITING])
        session.execute("SELECT set_config('lock_timeout', '0', false)")
        cursor = _cursor("writing")
        try:
            yield Writer(cursor, session)
        finally:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK")
            cursor.close()


@dataclass(frozen=True)
class Writer:
    """The lake to change, and an autocommit session of the catalogue's database that holds the writers' lock."""

    lake: Lake
    session: Session

    @contextmanager
    def transaction(self) -> Iterator[Callable[[str], None]]:
        """Commit what the block does to the lake, or nothing of it; the lent function notes a text in the commit."""
        self.lake.execute("BEGIN")
        try:
            yield self._note
        except BaseException:
            with suppress(duckdb.Error):
                self.lake.execute("ROLLBACK")
            raise
        self.lake.execute("COMMIT")

    def _note(self, text: str) -> None:
        self.lake.execute("CALL lake.set_commit_message('amana', '', extra_info => ?)", [text])


@contextmanager
def catalogue() -> Iterator[Session]:
    """Open an autocommit session of its own to the database of the catalogue: its locks end with the process."""
    with psycopg.connect(**address(), autocommit=True) as session:
        yield session


@contextmanager
def holding(session: Session, lock: str) -> Iterator[None]:
    """Hold a lock of the lake inside the block: `FILES` while its files are removed or copied."""
    session.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [lock])
    try:
        yield
    finally:
        session.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [lock])


def address() -> dict[str, Any]:
    """Return how the running login reaches the database, in libpq's words."""
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry = connections["default"].settings_dict
    ours = {theirs: str(entry[name]) for name, theirs in known.items() if entry.get(name)}
    own = {"server_side_binding", "prepare_threshold", "isolation_level", "pool", "assume_role"}
    return {**{name: value for name, value in entry["OPTIONS"].items() if name not in own}, **ours}


def close() -> None:
    """Let go of this process's instances: the next use opens them anew, to the login and folder of then."""
    with _opening:
        for instance in _instances.values():
            instance.base.close()
        _instances.clear()


def _cursor(mode: Mode) -> Lake:
    """Return a cursor of the mode's instance, opened anew where login or folder are others than before."""
    where = (address(), place())
    with _opening:
        held = _instances.get(mode)
        if held is None or held.where != where:
            if held is not None:
                held.base.close()
            held = _instances[mode] = _Instance(open_lake(mode, *where), where)
    return held.base.cursor()


def open_lake(mode: Mode, login: Mapping[str, Any], at: Place) -> Lake:
    """Open an instance by itself: `making` may create the catalogue, which only the owner's login can."""
    at.prepare()
    opened = duckdb.connect(config=_config(at))
    try:
        for extension in EXTENSIONS:
            opened.execute(f"LOAD '{_extension(extension)}'")
        opened.execute("SET TimeZone = 'UTC'")
        _attach(opened, mode, login, at)
        _close_the_rest(opened, at)
    except BaseException:
        opened.close()
        raise
    return opened


def _config(at: Place) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "allow_persistent_secrets": "false",
        "python_enable_replacements": "false",
        "threads": str(settings.AMANA_LAKE_THREADS),
        "memory_limit": settings.AMANA_LAKE_MEMORY,
        "temp_directory": str(at.spill),
        "temp_file_encryption": "true",
        "preserve_insertion_order": "false",
    }


def _attach(opened: Lake, mode: Mode, login: Mapping[str, Any], at: Place) -> None:
    named = {"host": "HOST", "port": "PORT", "dbname": "DATABASE", "user": "USER", "password": "PASSWORD"}
    parts = [f"{named[name]} {_quoted(str(value))}" for name, value in login.items() if name in named]
    opened.execute(f"CREATE SECRET catalogue (TYPE postgres, {', '.join(parts)})")
    if at.secret:
        opened.execute(f"CREATE SECRET bucket (TYPE s3, {at.secret})")
    rest = " ".join(f"{name}={value}" for name, value in login.items() if name not in named)
    options = f"DATA_PATH {_quoted(at.files)}, OVERRIDE_DATA_PATH true, METADATA_SCHEMA '{SCHEMA}', ENCRYPTED"
    options += ", DATA_INLINING_ROW_LIMIT 0, META_SECRET 'catalogue'"
    # An attached catalogue that is missing would be made; only the owner is to do that.
    options += {"reading": ", READ_ONLY", "writing": ", CREATE_IF_NOT_EXISTS false", "making": ""}[mode]
    opened.execute(f"ATTACH {_quoted(f'ducklake:postgres:{rest}')} AS lake ({options})")
    if mode == "writing":
        opened.execute(
            f"ATTACH {_quoted(rest)} AS inbox (TYPE postgres, SECRET catalogue, SCHEMA 'public', READ_ONLY)"
        )
    if mode == "reading":
        # Taking facts marks a ticket and locks people, which no read-only transaction can.
        opened.execute(f"ATTACH {_quoted(rest)} AS gate (TYPE postgres, SECRET catalogue, SCHEMA 'gate')")


def _close_the_rest(opened: Lake, at: Place) -> None:
    """Leave the lake as the only thing that can be read or written from here on."""
    folders = ", ".join(_quoted(folder) for folder in (at.files, f"{at.spill}{os.sep}"))
    opened.execute(f"SET allowed_directories = [{folders}]")
    opened.execute("SET enable_external_access = false")
    opened.execute("SET lock_configuration = true")


def _extension(name: str) -> Path:
    """Return the file of an extension inside its wheel. Raises FileNotFoundError."""
    spec = importlib.util.find_spec(f"duckdb_extension_{name}")
    folder = Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")
    path = folder / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
    if not path.exists():
        raise FileNotFoundError(path)
    return path


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
