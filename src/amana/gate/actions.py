"""Everything that goes through the gate: admitting, planning, opening, deciding by link or through service."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from django.db import connection, transaction

from amana.gate import admission, afresh, calls, looking
from amana.gate.door import door
from amana.gate.opening import release
from amana.gate.refusals import GateRefused
from amana.gate.values import Admitted, Decision, Opening, Planned, SignedIn, Wish
from amana.kernel import ids
from amana.kernel.ids import CustomerId
from amana.kernel.text import Language

_GIVEN = """
    ARRAY(SELECT (a, b, c, d)::gate.sealed
        FROM unnest(%s::text[], %s::bigint[], %s::integer[], %s::bytea[]) AS x (a, b, c, d)),
    ARRAY(SELECT (a, b)::gate.plain FROM unnest(%s::text[], %s::text[]) AS x (a, b)),
    ARRAY(SELECT (a, b, c, d)::gate.addressed
        FROM unnest(%s::text[], %s::bytea[], %s::smallint[], %s::bytea[]) AS x (a, b, c, d)),
    ARRAY(SELECT (a, b, c)::gate.indexed FROM unnest(%s::text[], %s::bytea[], %s::smallint[]) AS x (a, b, c)),
    ARRAY(SELECT (a, b, c)::gate.wished FROM unnest(%s::text[], %s::text[], %s::text[]) AS x (a, b, c))"""
_ADMIT = "".join(
    (
        "SELECT person_entry, confirmation_task FROM gate.admit(%s, %s, %s, %s, %s, %s, %s,", _GIVEN,
        ", %s::bytea[], %s::integer, %s, %s, %s)",
    )
)  # fmt: skip
_ADD = "".join(
    ("SELECT added_entry, confirmation_task FROM gate.add(%s, %s, %s,", _GIVEN, ", %s::integer, %s, %s)")
)


def admit(
    *,
    source: str,
    values: Mapping[str, str],
    wishes: Sequence[Wish] = (),
    language: Language,
    jurisdiction: str,
    shop: int | None = None,
    shown: int | None = None,
    offline: bool = False,
) -> Admitted:
    """Admit a new person as a claim: nothing is attached to anybody known, and the answer tells nothing of them.

    `values` are normalised texts by field name (phones in E.164, dates in ISO 8601); empty ones are left out.
    `shown` is the version of the policy that was read, the running one when it is left out; a consent ticked
    `offline` never overrules a withdrawal recorded before it arrived. Raises GateRefused for whatever one of the
    two versions does not list.
    """
    declared = admission.kinds()
    customer = ids.new()
    epoch, person_key, wrapped = admission.new_key(door=door(), customer=customer)
    given = {**admission.with_derived(values, declared), "language": language}
    made = admission.prepare(
        door=door(), customer=customer, person_key=person_key, values=given, declared=declared
    )
    entry, task = calls.rows(
        _ADMIT,
        source, customer, jurisdiction, shop, language, epoch, wrapped,
        *_given(made, wishes), admission.tags(door(), values), shown, offline,
    )[0]  # fmt: skip
    return Admitted(customer, entry, task)


def add(
    *,
    customer: CustomerId,
    source: str,
    values: Mapping[str, str],
    wishes: Sequence[Wish] = (),
    language: Language,
    shown: int | None = None,
) -> Admitted:
    """Add who somebody is, and what they allow, to a person who came without an address; they add it themselves.

    `values` and `shown` are as for `admit`. Raises GateRefused: person_unknown, person_named when an address is there
    already, field_present, and whatever `admit` refuses.
    """
    with transaction.atomic():
        epoch, wrapped = calls.rows("SELECT epoch, wrapped FROM gate.key_to_add(%s, %s, %s)", customer)[0]
        declared = admission.kinds()
        made = admission.prepare(
            door=door(),
            customer=customer,
            person_key=admission.known_key(door=door(), customer=customer, epoch=epoch, wrapped=wrapped),
            values=admission.with_derived(values, declared),
            declared=declared,
        )
        entry, task = calls.rows(_ADD, customer, source, language, *_given(made, wishes), shown)[0]
    return Admitted(customer, entry, task)


def hold_value(*, session: str, customer: CustomerId, field: str, why: str) -> bool:
    """Keep one value back from every purpose that ends with a restriction; False when there is nothing to hold.

    For the machine and for data protection officers; `why` is a word of the policy's rule. Raises GateRefused.
    """
    return bool(calls.value("SELECT gate.hold_value(%s, %s, %s, %s, %s, %s)", session, customer, field, why))


def release_value(*, session: str, customer: CustomerId, field: str, why: str) -> bool:
    """Give a value free that was held, as a data protection officer; False when none was. Raises GateRefused."""
    return bool(
        calls.value("SELECT gate.release_value(%s, %s, %s, %s, %s, %s)", session, customer, field, why)
    )


def purge_value(*, session: str, customer: CustomerId, field: str, why: str) -> bool:
    """Delete one value and what finds it, for good; False when it is gone already. Raises GateRefused."""
    return bool(calls.value("SELECT gate.purge_value(%s, %s, %s, %s, %s, %s)", session, customer, field, why))


def _given(made: admission.Prepared, wishes: Sequence[Wish]) -> list[list[object]]:
    wished = [(wish.purpose, wish.channel, wish.wording) for wish in wishes]
    return [
        *_columns(made.sealed, 4), *_columns(made.plain, 2), *_columns(made.blind, 4), *_columns(made.tokens, 3),
        *_columns(wished, 3),
    ]  # fmt: skip


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def plan(*, session: str, kind: str, purpose: str, people: Sequence[CustomerId], ref: str) -> int:
    """Record why these people are needed and return the task's number; `ref` names the row, as in "campaign:12".

    Raises GateRefused when the session's role may not need people for this purpose, or one of them is unknown.
    """
    task: int = calls.value(
        "SELECT gate.plan(%s, %s, %s, %s::uuid[], %s, %s, %s)", session, kind, purpose, list(people), ref
    )
    return task


def plan_reachable(*, session: str, purpose: str, channel: str, ref: str, chunk: int = 50) -> list[Planned]:
    """Plan messages to everybody who may be written to now, one task for each `chunk` of people."""
    found = calls.rows(
        "SELECT task, customer FROM gate.plan_reachable(%s, %s, %s, %s, %s, %s, %s)",
        session, purpose, channel, ref, chunk,
    )  # fmt: skip
    return [Planned(task, CustomerId(customer)) for task, customer in found]


def open(
    *,
    session: str,
    purpose: str,
    fields: Sequence[str],
    task: int,
    channel: str | None = None,
    recipient: str = "controller",
    links: Sequence[str] = (),
) -> Opening:
    """Release `fields` of a task's people for one purpose: record and commit the uses, then take the values.

    Raises GateRefused with the rule that refused, and always inside a transaction: a rollback could hide the use.
    """
    if connection.in_atomic_block:
        raise GateRefused.of("inside_transaction")
    call, ticket, _, refused = calls.rows(
        "SELECT * FROM gate.ask(%s, %s, %s, %s::text[], %s::text[], %s, %s, %s, %s)",
        session, purpose, channel, list(fields), list(links), task, recipient,
    )[0]  # fmt: skip
    return Opening(call, release(ticket=ticket, fields=fields), calls.counts(refused))


@contextmanager
def hold(opening: Opening, *, session: str) -> Iterator[frozenset[CustomerId]]:
    """Keep the released people from withdrawing while their messages are handed over; give those still allowed.

    A withdrawal that arrives meanwhile is confirmed when this block ends. Keep the block short.
    """
    with transaction.atomic():
        rows = calls.rows("SELECT * FROM gate.hold(%s, %s, %s, %s)", opening.call, session)
        yield frozenset(CustomerId(customer) for (customer,) in rows)


def confirm(token: str, *, language: Language) -> str:
    """Confirm the address a link was sent to; answers `confirmed` or `already_confirmed`. Raises GateRefused."""
    answer = str(calls.value("SELECT gate.confirm(%s, %s, %s, %s)", token, language))
    transaction.on_commit(partial(afresh.begin, token))
    return answer


def opt_out(token: str, *, language: Language) -> None:
    """Withdraw what the link is about, for everybody with that address, at once. Raises GateRefused."""
    calls.rows("SELECT gate.opt_out(%s, %s, %s, %s)", token, language)


def opt_in(token: str) -> None:
    """Grant the wish that a fresh link to the address confirms. Raises GateRefused."""
    calls.rows("SELECT gate.opt_in(%s, %s, %s)", token)


def prefer(
    token: str, *, purpose: str, channel: str | None, wanted: bool, wording: str, language: Language
) -> int | None:
    """Opt out at once, or keep an opt-in as a wish and return the task to ask the address's owner by."""
    task: int | None = calls.value(
        "SELECT gate.prefer(%s, %s, %s, %s, %s, %s, %s, %s)",
        token,
        purpose,
        channel,
        wanted,
        wording,
        language,
    )
    return task


def decide_for(
    *, session: str, task: int, purpose: str, channel: str | None, kind: Decision, language: Language
) -> None:
    """Record, through customer service, what narrows the use of one person's data. Raises GateRefused."""
    calls.rows(
        "SELECT gate.decide_for(%s, %s, %s, %s, %s, %s, %s, %s)",
        session,
        task,
        purpose,
        channel,
        kind,
        language,
    )


def confirm_request(token: str) -> str:
    """Confirm one's own request to be erased; returns the request's reference. Raises GateRefused."""
    return str(calls.value("SELECT gate.confirm_request(%s, %s, %s)", token))


def ask_to_sign_in(*, session: str, address: str) -> list[Planned]:
    """Plan, by the machine, a mail with a sign-in link to the confirmed owner of an e-mail address; for others nothing.

    Nothing either beyond three within an hour or ten within a day. Raises GateRefused, and always inside a transaction:
    a rollback could hide the look-up.
    """
    ticket, _places = looking.up(session=session, purpose="rights", field="email", values=[address])
    planned = calls.rows("SELECT task, customer FROM gate.ask_to_sign_in(%s, %s, %s, %s)", session, ticket)
    return [Planned(task, CustomerId(customer)) for task, customer in planned]


def sign_in(token: str) -> SignedIn:
    """Spend a sign-in link, which holds once and for 15 minutes. Raises GateRefused."""
    customer, own = calls.rows("SELECT customer, own FROM gate.sign_in(%s, %s, %s)", token)[0]
    return SignedIn(CustomerId(customer), own)


def note(*, customer: CustomerId, event: str, payload: str) -> UUID:
    """Record in a person's own record what a room did; `payload` is JSON without identity. Raises GateRefused."""
    entry: UUID = calls.value("SELECT gate.note(%s, %s, %s::jsonb, %s, %s)", customer, event, payload)
    return entry


def suppress(*, session: str, customer: CustomerId, channel: str, reason: str) -> None:
    """Stop writing to an address that its server refuses for good. Raises GateRefused."""
    calls.rows("SELECT gate.suppress(%s, %s, %s, %s, %s, %s)", session, customer, channel, reason)


def seal_mail(*, raw: bytes, sender: str | None, language: Language, jurisdiction: str) -> CustomerId:
    """Keep a mail that came in, whole and sealed, as a claim of whoever sent it; an address may be missing."""
    values = {"message": raw.decode("latin-1"), **({"email": sender} if sender else {})}
    return admit(source="service", values=values, language=language, jurisdiction=jurisdiction).customer


def read_mail(*, session: str, task: int) -> bytes:
    """Open the mail a conversation is about, byte for byte as it came. Raises GateRefused."""
    opening = open(session=session, purpose="service", fields=["message"], task=task)
    if not opening.people:
        raise GateRefused.of("person_unknown")
    return opening.people[0].values["message"].encode("latin-1")
