"""Attack 10: find a policy, a person, a time and a role on which the gate and ten lines of Python disagree."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from amana.gate import actions, queries
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import NOON, Clock
from tests.gate import raw
from tests.world import POLICY, World

pytestmark = [pytest.mark.attack, pytest.mark.slow]
DAY = dt.timedelta(days=1)
PLAIN = yaml.safe_load(POLICY.read_text("utf-8"))


@dataclass(frozen=True)
class Rules:
    """What a drawn policy says of the one purpose that is tried, `feedback`; everything else is the example's."""

    basis: str
    confirmed: bool
    min_age: int | None
    channels: tuple[str, ...]
    roles: tuple[str, ...]
    survives_restriction: bool
    retention: int  # days
    revision: int

    def text(self) -> str:
        """Return the whole policy with these rules."""
        purpose = dict(PLAIN["purposes"]["feedback"])
        purpose["basis"] = {"AE": self.basis, "SA": "consent", "EU": "consent"}
        purpose |= {
            "needs_confirmed_address": self.confirmed, "channels": list(self.channels), "roles": list(self.roles),
            "survives_restriction": self.survives_restriction, "retention": f"P{self.retention}D",
            "revision": self.revision, "tasks": ["message", "answer", "conversation"],
        }  # fmt: skip
        if self.min_age is not None:
            purpose["min_age"] = self.min_age
        return str(
            yaml.safe_dump(
                {**PLAIN, "purposes": {**PLAIN["purposes"], "feedback": purpose}}, allow_unicode=True
            )
        )


@dataclass(frozen=True)
class Person:
    """What a shopper once said and did; `decided` is the last word on feedback by e-mail."""

    decided: str | None
    confirmed: bool
    restricted: bool
    born: int | None
    suppressed: bool
    customer: CustomerId


@dataclass(frozen=True)
class Try:
    """One attempt to open."""

    role: str
    channel: str | None
    field: str
    at: dt.datetime


def expected(rules: Rules, one: Person, tried: Try, *, outdated: bool) -> bool:
    """The oracle: whether this person's e-mail is released."""
    by_mail = tried.channel == "email"
    given = one.decided == "given" and by_mail and not outdated
    old_enough = rules.min_age is None or (one.born is not None and tried.at.year - one.born > rules.min_age)
    alive = tried.at - NOON < rules.retention * DAY
    return (
        tried.role in rules.roles
        # Nobody here gave a phone.
        and (tried.channel is None or tried.channel in rules.channels)
        and tried.channel != "sms"
        and (rules.basis != "consent" or given)
        and not (one.decided == "objected" and by_mail)
        and (rules.survives_restriction or not one.restricted)
        and old_enough
        and alive
        and not (by_mail and (one.suppressed or (rules.confirmed and not one.confirmed)))
    )


def make(
    world: World, number: int, decided: str | None, confirmed: bool, restricted: bool, born: int | None
) -> Person:
    """Admit a shopper and let everything happen that is drawn."""
    wishes = [Wish("feedback", "email", "Use my opinion")] if decided in ("given", "withdrawn") else []
    born_on = {"birth_date": f"{born}-06-01"} if born else {"birth_date": ""}
    admitted = world.admit(f"{number}@mail.example", *wishes, **born_on)
    if confirmed:
        actions.confirm(world.link(admitted, "confirm"), language="ar")
    service, suppressed = world.session("service"), number % 7 == 0
    task = actions.plan(
        session=service,
        kind="conversation",
        purpose="service",
        people=[admitted.customer],
        ref="conversation:1",
    )
    kinds: list[Any] = [decided] if decided in ("withdrawn", "objected") else []
    for kind in [*kinds, *(["restricted"] if restricted else [])]:
        actions.decide_for(
            session=service, task=task, purpose="feedback", channel="email", kind=kind, language="ar"
        )
    if suppressed:
        actions.suppress(session=service, customer=admitted.customer, channel="email", reason="bounced")
    return Person(decided, confirmed, restricted, born, suppressed, admitted.customer)


def opened(world: World, people: list[Person], tried: Try) -> set[CustomerId]:
    """Return who is released; a refusal of the whole call releases nobody."""
    day = str(tried.at)
    try:
        task = actions.plan(
            session=world.session(tried.role, name=day), kind="message", purpose="feedback",
            people=[one.customer for one in people], ref="answer:1",
        )  # fmt: skip
        opening = actions.open(
            session=world.session(tried.role, name=day), purpose="feedback", channel=tried.channel,
            fields=[tried.field], task=task,
        )  # fmt: skip
    except Refusal as refusal:
        assert refusal.code in ("role_refused", "channel_undeclared")  # noqa: PT017
        return set()
    return {person.customer for person in opening.people}


RULES = st.builds(
    Rules,
    basis=st.sampled_from(["consent", "contract", "request", "legal_obligation"]),
    confirmed=st.booleans(),
    min_age=st.sampled_from([None, 16, 18, 40]),
    channels=st.sampled_from([("email",), ("email", "sms"), ("sms",)]),
    roles=st.sampled_from([("system",), ("service", "system"), ("analyst", "service", "system")]),
    survives_restriction=st.booleans(),
    retention=st.sampled_from([30, 365, 1500]),
    revision=st.sampled_from([1, 1, 2]),
)
TRIES = st.builds(
    Try,
    role=st.sampled_from(["system", "service", "analyst", "marketing"]),
    channel=st.sampled_from(["email", "email", "email", None, "sms"]),
    field=st.just("email"),
    at=st.sampled_from([NOON + days * DAY for days in (0, 29, 30, 364, 365, 1499, 1500)]),
)


def test_the_gate_agrees_with_ten_lines(world: World, fixed_clock: Clock) -> None:
    told: list[str | None] = [None, "given", "withdrawn", "objected"]
    cases = itertools.product(told, [True, False], [False, True], [None, 1990, 2008, 2011])
    people = [make(world, number, *case) for number, case in enumerate(cases)]
    in_force = [raw.count(world, "policy.version")]
    seen: dict[bool, int] = {True: 0, False: 0}

    @settings(
        max_examples=80, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(rules=RULES, tries=st.lists(TRIES, min_size=1, max_size=3))
    def agree(rules: Rules, tries: list[Try]) -> None:
        fixed_clock.set(NOON)
        try:
            in_force.append(world.publish(rules.text()))
        except Refusal as refusal:
            assert refusal.code == "policy_unchanged"  # noqa: PT017
        row = world.owner.execute(
            "SELECT p.consent_since FROM policy.purpose p WHERE p.version = (SELECT version FROM policy.running)"
            " AND p.purpose = policy.term_id('purpose', 'feedback')"
        ).fetchone()
        assert row is not None
        for tried in tries:
            fixed_clock.set(tried.at)
            wanted = {one.customer for one in people if expected(rules, one, tried, outdated=row[0] > 1)}
            assert opened(world, people, tried) == wanted, (rules, tried)
            seen[bool(wanted)] += 1

    agree()
    assert min(seen.values()) > 20
    # What the gate did by the rule, the audit that judges again accuses nobody of.
    fixed_clock.set(NOON + 1500 * DAY)
    world.owner.execute("SELECT gate.fold(10000)")
    assert queries.audit() == []
