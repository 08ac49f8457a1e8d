"""Set up, ask for and lose a second factor. Whether a code fits is the database's to say.

`session` is a token, also of a session that opens nothing yet.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

from amana.kernel import emails
from amana.kernel.refusal import Refusal
from amana.retailer import codes
from amana.retailer.calls import rows, value


@dataclass(frozen=True, slots=True)
class Factor:
    """One's own second factor. `waiting` is the secret while it waits for its first code."""

    staff: int
    email: str
    confirmed_at: dt.datetime | None
    codes_left: int
    demanded: bool
    nonce: bytes | None = field(repr=False)
    waiting: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """What administrators see of somebody's second factor."""

    confirmed_at: dt.datetime | None
    demanded: bool


def get_own(*, session: str) -> Factor:
    """Return one's own second factor, set up or not. Raises Refusal."""
    staff, email, nonce, sealed, confirmed_at, left, demanded = rows(
        "SELECT staff, email, nonce, waiting, confirmed_at, codes_left, demanded"
        " FROM retailer.own_second_factor(%s)",
        session,
    )[0]
    waiting = codes.opened(staff, bytes(nonce), bytes(sealed)) if sealed else None
    return Factor(
        staff=staff,
        email=email,
        confirmed_at=confirmed_at,
        codes_left=left,
        demanded=demanded,
        nonce=bytes(nonce) if nonce else None,
        waiting=waiting,
    )


def standings(*, session: str) -> dict[int, Standing]:
    """Return everybody's, by number. Raises Refusal unless the session is an administrator's."""
    found = rows("SELECT staff, confirmed_at, demanded FROM retailer.second_factors(%s)", session)
    return {staff: Standing(confirmed_at, demanded) for staff, confirmed_at, demanded in found}


def begin(*, session: str) -> None:
    """Make a secret that waits for its first code; an earlier one that waits is forgotten. Raises Refusal."""
    secret = codes.new_secret(get_own(session=session).staff)
    value("SELECT retailer.begin_second_factor(%s, %s, %s)", session, secret.nonce, secret.sealed)


def confirm(*, session: str, code: str) -> tuple[str, ...]:
    """Take the authenticator into use by its first code; return the recovery codes, to be shown once.

    Raises Refusal.
    """
    attempt, made, proofs = _attempt_with_codes(session, code)
    value("SELECT retailer.confirm_second_factor(%s::uuid, %s::bytea[])", attempt, proofs)
    return made


def prove(*, session: str, code: str) -> None:
    """Let a session open what its roles may, by a code or a recovery code. Raises Refusal."""
    value("SELECT retailer.prove_session(%s::uuid)", _attempt(session, code))


def renew_codes(*, session: str, code: str) -> tuple[str, ...]:
    """Replace the recovery codes; return the new ones, to be shown once. Raises Refusal."""
    attempt, made, proofs = _attempt_with_codes(session, code)
    value("SELECT retailer.renew_recovery_codes(%s::uuid, %s::bytea[])", attempt, proofs)
    return made


def remove(*, session: str, code: str) -> None:
    """Give up one's own second factor and end one's other sessions. Raises Refusal."""
    value("SELECT retailer.remove_second_factor(%s::uuid)", _attempt(session, code))


def drop(*, session: str, staff: int) -> None:
    """Remove the factor of somebody who lost it, and end their sessions. Raises Refusal."""
    value("SELECT retailer.drop_second_factor(%s, %s)", session, staff)


def drop_as_owner(*, email: str) -> None:
    """Do the same under the owner's login, for the last administrator. Raises Refusal."""
    value("SELECT retailer.drop_second_factor_as_owner(%s)", emails.parse(email))


def demand(*, roles: Collection[str]) -> None:
    """Demand a second factor of exactly these roles. Needs the owner's login. Raises Refusal."""
    value("SELECT retailer.demand_second_factor(%s::text[])", sorted(roles))


def _attempt(session: str, code: str) -> str:
    # A guess has to be committed before it is answered, so inside a transaction it could only be refused.
    if connection.in_atomic_block:
        raise RuntimeError("a code cannot be tried inside atomic()")
    own = get_own(session=session)
    if own.nonce is None:
        raise Refusal.of("second_factor_missing")
    return str(
        value(
            "SELECT retailer.ask_second_factor(%s, %s, %s, %s)",
            session, codes.pad_of(own.staff, own.nonce), codes.digits_of(code),
            codes.recovery_proof(own.staff, code),
        )
    )  # fmt: skip


def _attempt_with_codes(session: str, code: str) -> tuple[str, tuple[str, ...], list[bytes]]:
    attempt, made = _attempt(session, code), codes.new_recovery_codes()
    staff = get_own(session=session).staff
    return attempt, made, [codes.recovery_proof(staff, one) for one in made]
