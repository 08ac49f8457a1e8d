"""Where this deployment keeps its state, and how each role reaches the database."""

import json
import os
from pathlib import Path
from typing import Any, Literal, TypedDict

from psycopg.conninfo import conninfo_to_dict

Role = Literal["app", "owner", "sequencer", "publisher", "superuser"]
ROLES: tuple[Role, ...] = ("app", "owner", "sequencer", "publisher")
URL_NAMES: dict[Role, str] = {
    "app": "AMANA_DATABASE_URL",
    "owner": "AMANA_OWNER_DATABASE_URL",
    "sequencer": "AMANA_SEQUENCER_DATABASE_URL",
    "publisher": "AMANA_PUBLISHER_DATABASE_URL",
}
DATABASE = "amana"
LOCATION = "postgres.location"


class Address(TypedDict, total=False):
    """Connection parameters in libpq's words."""

    host: str
    port: str
    dbname: str
    user: str
    password: str


def home() -> Path:
    """Return the folder that holds all state of this deployment (`AMANA_HOME`, by default `./var`)."""
    return Path(os.environ.get("AMANA_HOME") or "var").absolute()


def secret(name: str, *, at: Path | None = None) -> str | None:
    """Return the secret kept under `name`, or None where it was never made."""
    path = (at or home()) / "secrets" / name
    return path.read_text("utf-8").strip() if path.exists() else None


def own_server() -> bool:
    """Tell whether this deployment brings its own PostgreSQL instead of the embedded one."""
    return any(os.environ.get(name) for name in URL_NAMES.values())


def missing_urls() -> list[str]:
    """Return the logins a server of one's own still lacks, by the names of their variables."""
    return [name for name in URL_NAMES.values() if own_server() and not os.environ.get(name)]


def address(role: Role) -> dict[str, Any]:
    """Return how `role` reaches the database, in libpq's words; without a password where none is known."""
    url = os.environ.get(URL_NAMES.get(role, ""))
    if url:
        return {name: value for name, value in conninfo_to_dict(url).items() if value is not None}
    location = home() / LOCATION
    place = json.loads(location.read_text("utf-8")) if location.exists() else {}
    found = Address(
        host=place.get("socket", str(home() / "run")), port="5432", dbname=DATABASE, user=login(role)
    )
    password = secret(f"pg-{role}")
    return dict(found) if password is None else {**found, "password": password}


def login(role: Role) -> str:
    """Return the database login of `role`."""
    return "postgres" if role == "superuser" else f"amana_{role}"


def django_database(role: Role = "app") -> dict[str, Any]:
    """Return Django's `DATABASES` entry for `role`."""
    parts = address(role)
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry: dict[str, Any] = {ours: parts.pop(theirs, "") for ours, theirs in known.items()}
    return {
        **entry,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # The same few statements call the same few functions: their fifth call is prepared.
        "OPTIONS": {**parts, "server_side_binding": True, "prepare_threshold": 5},
    }
