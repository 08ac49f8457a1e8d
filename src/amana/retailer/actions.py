"""Sign in and out, and change who works here; each call is recorded in the ledger by the database itself.

`session` is always a token: who acts follows from it and is never named. `add_staff_as_owner`, `load_brand`
and the system sessions need the owner's login.
"""

import json
from collections.abc import Collection
from pathlib import Path

from django.db import connection, transaction

from amana.kernel import emails
from amana.kernel.text import Bilingual, Language
from amana.retailer import brandfile, passwords, queries
from amana.retailer.calls import truncated, value


def sign_in(*, email: str, password: str, address: str) -> str:
    """Return the token of a new session. `address` is the browser's; it is truncated before it is used.

    Raises Refusal: `sign_in_refused`, alike for unknown accounts and wrong passwords, or `sign_in_limited`.
    """
    attempt = _attempt(email=email, password=password, address=address)
    return str(value("SELECT retailer.sign_in(%s::uuid)", attempt))


def sign_out(*, session: str) -> None:
    """End the session; one that is unknown or ended stays so."""
    value("SELECT retailer.sign_out(%s)", session)


def change_password(*, email: str, old: str, new: str, address: str) -> None:
    """Replace one's own password and end every session of the account. Raises Refusal."""
    passwords.check(new, email=email)
    attempt = _attempt(email=email, password=old, address=address)
    proof = passwords.proof_of(new)
    value("SELECT retailer.change_password(%s::uuid, %s, %s)", attempt, proof.verifier, proof.salt)


def add_staff(
    *, session: str, email: str, name: Bilingual, language: Language,
    roles: Collection[str], shops: Collection[int] | None = None,
) -> str:  # fmt: skip
    """Add a member of staff; return the password to hand over once, to be changed at the first sign-in.

    `shops` of None means all shops. Raises Refusal unless the session is an administrator's.
    """
    password = passwords.temporary()
    proof = passwords.proof_of(password)
    value(
        "SELECT retailer.add_staff(%s, %s, %s, %s, %s, %s, %s, %s::text[], %s::bigint[])",
        session, emails.parse(email), name.ar, name.en, language, proof.verifier, proof.salt,
        sorted(roles), _sorted(shops),
    )  # fmt: skip
    return password


def add_staff_as_owner(
    *, email: str, name: Bilingual, language: Language, password: str, roles: Collection[str],
    shops: Collection[int] | None = None, must_change: bool = False,
) -> int:  # fmt: skip
    """Add a member of staff under the owner's login, as the first administrator must be; return the number.

    Raises Refusal.
    """
    passwords.check(password, email=email)
    proof = passwords.proof_of(password)
    added = value(
        "SELECT retailer.add_staff_as_owner(%s, %s, %s, %s, %s, %s, %s::text[], %s::bigint[], %s)",
        emails.parse(email), name.ar, name.en, language, proof.verifier, proof.salt,
        sorted(roles), _sorted(shops), must_change,
    )  # fmt: skip
    return int(added)


def set_roles(
    *, session: str, staff: int, roles: Collection[str], shops: Collection[int] | None = None
) -> None:
    """Replace somebody's roles, also in open sessions. Raises Refusal, also for one's own account."""
    value(
        "SELECT retailer.set_roles(%s, %s, %s::text[], %s::bigint[])",
        session, staff, sorted(roles), _sorted(shops),
    )  # fmt: skip


def rename_staff(*, session: str, staff: int, name: Bilingual, language: Language) -> None:
    """Correct somebody's name or language. Raises Refusal unless the session is an administrator's."""
    value("SELECT retailer.rename_staff(%s, %s, %s, %s, %s)", session, staff, name.ar, name.en, language)


def deactivate_staff(*, session: str, staff: int) -> None:
    """Close an account and its sessions; what it did stays recorded. Raises Refusal."""
    value("SELECT retailer.set_active(%s, %s, false)", session, staff)


def reactivate_staff(*, session: str, staff: int) -> None:
    """Open a closed account again. Raises Refusal."""
    value("SELECT retailer.set_active(%s, %s, true)", session, staff)


def reset_password(*, session: str, staff: int) -> str:
    """Return a new password to hand over once, and end the account's sessions. Raises Refusal."""
    password = passwords.temporary()
    proof = passwords.proof_of(password)
    value("SELECT retailer.reset_password(%s, %s, %s, %s)", session, staff, proof.verifier, proof.salt)
    return password


def close_sessions(*, session: str, staff: int) -> int:
    """End all sessions of oneself or, as administrator, of anybody; return how many. Raises Refusal."""
    return int(value("SELECT retailer.close_sessions(%s, %s)", session, staff))


def open_system_session() -> str:
    """Return a token for Amana's own processes, role `system`. Needs the owner's login."""
    return str(value("SELECT retailer.open_system_session()"))


def close_system_session(*, session: str) -> None:
    """End a session of Amana's own processes. Needs the owner's login."""
    value("SELECT retailer.close_system_session(%s)", session)


def load_brand(path: Path) -> None:
    """Load brand, countries, regions and shops from a file.

    Shops it no longer names are closed, never deleted. Needs the owner's login and a
    published policy that declares the jurisdictions. Raises Refusal.
    """
    with transaction.atomic():
        value("SELECT retailer.load_brand(%s::jsonb)", json.dumps(brandfile.read(path)))


def _attempt(*, email: str, password: str, address: str) -> str:
    # The guess has to be committed before it is answered, so inside a transaction it could only be refused.
    if connection.in_atomic_block:
        raise RuntimeError("signing in does not work inside atomic()")
    network = truncated(address)
    email = _account(email)
    verifier = passwords.verifier_of(password, queries.salt_of(email, address=network))
    return str(value("SELECT retailer.ask_sign_in(%s, %s, %s::inet)", email, verifier, network))


def _account(typed: str) -> str:
    try:
        return emails.matching(emails.parse(typed))
    except emails.EmailRefused:
        # What is no address belongs to nobody, and is answered as a wrong password is.
        return typed.strip().lower()


def _sorted(shops: Collection[int] | None) -> list[int] | None:
    return None if shops is None else sorted(shops)
