"""The key answers are sealed for: P-256, made once for a deployment. Web processes read its public half alone.

The file holds a JWK Set (RFC 7517): the first key is the one to seal for, and any of them opens. Its public half lies
beside it, with `.pub` after the name. A key is named by its thumbprint (RFC 7638).
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from django.conf import settings
from joserfc.jwk import ECKey, KeySet

CURVE: Final = "P-256"


def key_path() -> Path:
    """Return where the private key is kept; its public half lies beside it."""
    return Path(settings.AMANA_SURVEY_KEY_FILE or Path(settings.AMANA_HOME) / "secrets" / "surveys")


def public_path(path: Path) -> Path:
    """Return where the public half of a key is kept."""
    return path.with_name(path.name + ".pub")


def make_key(path: Path) -> None:
    """Make the key, unless it is there. Lost, what was sealed for it and not taken in yet cannot be read."""
    public = public_path(path)
    if path.exists():
        if not public.exists():
            _write(public, {"keys": [_public(key) for key in _read(path)]})
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ECKey.generate_key(CURVE, auto_kid=False)
    kept = {**key.as_dict(private=True), "kid": key.thumbprint()}
    _write(public, {"keys": [{**_public(key)}]})
    _write(path, {"keys": [kept]})


def public_jwk() -> dict[str, str]:
    """Return the public key to seal for, as a JWK with its thumbprint as `kid`."""
    return dict(_public_jwks(public_path(key_path()))[0])


def known_kids() -> frozenset[str]:
    """Return the names of every key an envelope may be sealed for."""
    return frozenset(jwk["kid"] for jwk in _public_jwks(public_path(key_path())))


def private_key(kid: str) -> ECKey | None:
    """Return the private key of that name, or None: the envelope was sealed for somebody else."""
    return _private_keys(key_path()).get(kid)


def _public(key: ECKey) -> dict[str, str]:
    known = key.as_dict(private=False)
    return {name: str(known[name]) for name in ("kty", "crv", "x", "y")} | {"kid": key.thumbprint()}


@lru_cache(maxsize=4)
def _public_jwks(path: Path) -> tuple[dict[str, str], ...]:
    return tuple(msgspec.json.decode(path.read_bytes(), type=dict[str, list[dict[str, str]]])["keys"])


@lru_cache(maxsize=4)
def _private_keys(path: Path) -> dict[str, ECKey]:
    return {key.thumbprint(): key for key in _read(path)}


def _read(path: Path) -> list[ECKey]:
    return [
        key for key in KeySet.import_key_set(msgspec.json.decode(path.read_bytes())) if isinstance(key, ECKey)
    ]


def _write(path: Path, kept: dict[str, list[dict[str, Any]]]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(kept))
