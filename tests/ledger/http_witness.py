"""A witness as C2SP tlog-witness describes one, with checks of its own: it shares no code with the log it watches."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

TIME = 1_795_000_000
Said = tuple[int, str, bytes]


@dataclass
class Watching:
    """A witness: the logs it knows by their origin, and the tree of each that it cosigned last."""

    name: str
    seed: bytes
    logs: dict[str, str] = field(default_factory=dict)
    cosigned: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    lie: Callable[[Said], Said] = lambda said: said
    url: str = ""
    _lock: Any = field(default_factory=Lock)

    @property
    def public(self) -> bytes:
        """The public key."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def add_checkpoint(self, body: bytes) -> Said:
        """Answer one submission: status, content type, content."""
        head, _, note = body.decode().partition("\n\n")
        text, _, signatures = note.partition("\n\n")
        first, *proof = head.split("\n")
        old = int(first.removeprefix("old "))
        assert (first, len(proof) < 64, note.endswith("\n")) == (f"old {old}", True, True)
        self.asked.append(old)
        origin, size, root = text.split("\n")[:3]
        if origin not in self.logs:
            return 404, "text/plain", b""
        if not _signed(self.logs[origin], f"{text}\n", signatures):
            return 403, "text/plain", b""
        return self._judge(
            f"{text}\n", origin, old, int(size), b64decode(root), [b64decode(one) for one in proof]
        )

    def _judge(self, text: str, origin: str, old: int, size: int, root: bytes, proof: list[bytes]) -> Said:
        with self._lock:
            known, known_root = self.cosigned.get(origin, (0, sha256(b"").digest()))
            if old > size:
                return 400, "text/plain", b""
            if old != known or (old == size and root != known_root):
                return 409, "text/x.tlog.size", f"{known}\n".encode()
            if not _continues(old, size, known_root, root, proof):
                return 422, "text/plain", b""
            self.cosigned[origin] = (size, root)
            return 200, "text/plain", f"{self.line(text)}\n".encode()

    def line(self, text: str) -> str:
        """Cosign a checkpoint's text (tlog-cosignature, “Ed25519 signed message”)."""
        key_id = sha256(self.name.encode() + b"\n\x04" + self.public).digest()[:4]
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        signed = TIME.to_bytes(8, "big") + key.sign(f"cosignature/v1\ntime {TIME}\n{text}".encode())
        return f"— {self.name} {b64encode(key_id + signed).decode()}"


def _signed(vkey: str, text: str, signatures: str) -> bool:
    """Tell whether a line among `signatures` is the log's over `text` (signed-note, “Signatures”)."""
    name, key_id, material = vkey.split("+", 2)
    public = Ed25519PublicKey.from_public_bytes(b64decode(material)[1:])
    for line in signatures.splitlines():
        _, signer, encoded = line.split(" ")
        content = b64decode(encoded)
        if (signer, content[:4].hex()) != (name, key_id):
            continue
        try:
            public.verify(content[4:], text.encode())
        except InvalidSignature:
            return False
        return True
    return False


def _continues(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Tell whether `proof` holds, by the recursion that RFC 6962, section 2.1.2, defines it with."""
    if old in (0, new):
        return not proof
    left = list(proof)
    try:
        roots = _roots(old, new, left, old_root, whole=True)
    except IndexError:
        return False
    return (roots, left) == ((old_root, new_root), [])


def _roots(old: int, new: int, proof: list[bytes], old_root: bytes, *, whole: bool) -> tuple[bytes, bytes]:
    if old == new:
        node = old_root if whole else proof.pop()
        return node, node
    half = 1 << (new - 1).bit_length() - 1
    sibling = proof.pop()
    if old <= half:
        older, newer = _roots(old, half, proof, old_root, whole=whole)
        return older, _node(newer, sibling)
    older, newer = _roots(old - half, new - half, proof, old_root, whole=False)
    return _node(sibling, older), _node(sibling, newer)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@contextmanager
def open_to_submissions(watching: Watching) -> Iterator[Watching]:
    """Let a witness answer on a free port of this machine, under its `url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/w/add-checkpoint"
            status, kind, content = watching.lie(watching.add_checkpoint(body))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if status in (302, 307):
                self.send_header("Location", content.decode())
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    watching.url = f"http://127.0.0.1:{server.server_port}/w"
    try:
        yield watching
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
