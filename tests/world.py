"""A small deployment for tests: the example policy in force, staff with open sessions, shoppers who decided things."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from amana.gate import actions, door
from amana.gate.values import Admitted, Wish
from amana.kernel.ids import CustomerId
from amana.policy import actions as policy_actions
from amana.policy import parsing

Connection = psycopg.Connection[tuple[Any, ...]]
POLICY = Path(__file__).parent.parent / "examples" / "redtag" / "policy.yaml"
EMAILS = Wish("marketing", "email", "Send me offers by e-mail")


@dataclass
class World:
    """What a test reaches: the owner's connection for setting things up, and sessions by role."""

    owner: Connection
    publisher: Connection
    sessions: dict[str, str] = field(default_factory=dict)

    def publish(self, text: str | None = None) -> int:
        """Put a policy in force, the example's unless another text is given."""
        whole = parsing.canonical(POLICY.read_bytes() if text is None else text.encode(), file="policy.yaml")
        return policy_actions.publish(text=whole, connection=self.publisher, actor="tests")

    def session(self, role: str, shops: Sequence[int] | None = None, name: str = "") -> str:
        """Return the token of an open session; `system` is the machine, anything else a member of staff."""
        key = f"{role}{shops}{name}"
        if key not in self.sessions:
            self.sessions[key] = self._open(role, shops, key)
        return self.sessions[key]

    def _open(self, role: str, shops: Sequence[int] | None, token: str) -> str:
        staff = None
        if role != "system":
            staff = self._one(
                "INSERT INTO retailer.staff"
                " (email, name_ar, name_en, language, verifier, salt, must_change, created_at)"
                " VALUES (%s, 'ليلى', 'Layla', 'ar', %s, %s, false, ledger.now()) RETURNING id",
                f"{len(self.sessions)}@staff.example", b"v" * 32, b"s" * 16,
            )  # fmt: skip
            self.owner.execute(
                "INSERT INTO retailer.staff_role VALUES (%s, policy.term_id('role', %s), %s)",
                [staff, role, list(shops) if shops else None],
            )
        self.owner.execute(
            "INSERT INTO retailer.session (token_hash, kind, staff, opened_at, last_seen_at, expires_at)"
            " VALUES (%s, %s, %s, ledger.now(), ledger.now(), ledger.now() + interval '12 hours')",
            [hashlib.sha256(token.encode()).digest(), "staff" if staff else "system", staff],
        )
        return token

    def _one(self, statement: str, *parameters: Any) -> Any:
        row = self.owner.execute(statement, parameters).fetchone()
        assert row is not None
        return row[0]

    def admit(self, email: str = "noor@mail.example", *wishes: Wish, **values: str) -> Admitted:
        """Admit a shopper who gave this address, and these wishes."""
        given = {"name": "نور العتيبي", "email": email, "birth_date": "1990-05-17", **values}
        return actions.admit(
            source="survey", values=given, wishes=wishes, language="ar", jurisdiction="AE", shop=None
        )

    def link(self, admitted: Admitted, scope: str, *, purpose: str = "confirmation") -> str:
        """Return the link that a mail to this shopper's address would carry."""
        assert admitted.confirmation is not None
        opening = actions.open(
            session=self.session("system"), purpose=purpose, channel="email", fields=["email"],
            task=admitted.confirmation, links=[scope],
        )  # fmt: skip
        return opening.people[0].links[scope]

    def shopper(self, email: str = "noor@mail.example", *wishes: Wish, **values: str) -> CustomerId:
        """Admit a shopper and confirm the address as its owner."""
        admitted = self.admit(email, *wishes, **values)
        actions.confirm(self.link(admitted, "confirm"), language="ar")
        return admitted.customer

    def opt_out_link(self, *people: CustomerId, email: str = "email") -> dict[CustomerId, str]:
        """Return the unsubscribe links of a promotional mail to these people."""
        task = actions.plan(
            session=self.session("marketing"),
            kind="message",
            purpose="marketing",
            people=people,
            ref="campaign:1",
        )
        opening = actions.open(
            session=self.session("system"), purpose="marketing", channel="email", fields=[email], task=task,
            links=["opt_out", "preferences"],
        )  # fmt: skip
        return {person.customer: person.links["opt_out"] for person in opening.people}


def make_home() -> None:
    """Make the keys and the journal of the test deployment, once for each process."""
    door.make_door(Path(settings.AMANA_HOME))
