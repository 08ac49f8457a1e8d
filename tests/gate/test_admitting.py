"""What comes in: refused by code where the policy does not list it, and kept as a claim."""

import pytest

from amana.gate import actions, forgetting, queries
from amana.gate.values import Admitted, Wish
from amana.kernel.refusal import Refusal
from tests.gate import raw
from tests.world import EMAILS, Connection, World

NOOR = "noor@mail.example"


def admit(
    values: dict[str, str] | None = None, *wishes: Wish, source: str = "survey", jurisdiction: str = "AE"
) -> Admitted:
    """Admit whatever is given."""
    given = {"email": NOOR} if values is None else values
    return actions.admit(source=source, values=given, wishes=wishes, language="ar", jurisdiction=jurisdiction)


def code(
    values: dict[str, str] | None = None, *wishes: Wish, source: str = "survey", jurisdiction: str = "AE"
) -> str:
    """Return the code that refuses an admission."""
    with pytest.raises(Refusal) as refusal:
        admit(values, *wishes, source=source, jurisdiction=jurisdiction)
    return refusal.value.code


def test_p1_what_the_policy_does_not_list_is_refused_by_name(world: World) -> None:
    found = {
        "source": code(source="rumour"),
        "place": code(jurisdiction="FR"),
        "field": code({"email": NOOR, "shoe_size": "39"}),
        "field of another source": code({"email": NOOR, "message": "hello"}),
        "mandatory field": code({"name": "نور"}, source="website"),
        "nothing at all": code({}, source="website"),
        "purpose": code(None, Wish("horoscope", None, "x")),
        "channel": code(None, Wish("draws", "push", "x")),
        "birth year": code({"email": NOOR, "birth_year": "soon"}),
    }
    assert found == {
        "source": "source_undeclared",
        "place": "place_undeclared",
        "field": "field_undeclared",
        "field of another source": "field_undeclared",
        "mandatory field": "field_missing",
        "nothing at all": "field_missing",
        "purpose": "purpose_undeclared",
        "channel": "purpose_undeclared",
        "birth year": "field_malformed",
    }
    assert (raw.count(world, "vault.person"), raw.count(world, "ledger.nonce")) == (0, 1)


def test_identity_comes_sealed_and_facts_plain(world: World, app_connection: Connection) -> None:
    statement = (
        "SELECT * FROM gate.admit('survey', gen_random_uuid(), 'AE', NULL, 'ar', 1, '', {}, {}, '{{}}', '{{}}', '{{}}',"
        " '{{}}', NULL, false, 0, NULL)"
    )
    sealed_fact = statement.format("ARRAY[('city', 1, 1, '')::gate.sealed]", "'{}'")
    plain_name = statement.format("'{}'", "ARRAY[('name', 'Noor')::gate.plain]")
    assert raw.refusal(raw.run(app_connection, sealed_fact)) == "field_wrong_kind"
    assert raw.refusal(raw.run(app_connection, plain_name)) == "field_wrong_kind"


def test_without_a_policy_nothing_comes_in(world: World) -> None:
    world.owner.execute("DELETE FROM policy.running")
    with pytest.raises(Refusal):
        admit()
    assert raw.count(world, "vault.person") == 0


def test_the_database_holds_no_plaintext_of_identity(world: World) -> None:
    world.shopper(NOOR, EMAILS, name="نور العتيبي", mobile="+971501112222", opinion="جميل جدا")
    kept = ""
    for schema in ("vault", "consent", "uses", "ledger"):
        for (table,) in world.owner.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = %s::regnamespace",
            [schema],
        ).fetchall():
            kept += str(world.owner.execute(f"SELECT t::text FROM {table} t").fetchall())
    secrets = (NOOR, "نور", "501112222", "جميل", "1990-05-17")
    assert [text for text in secrets if text in kept or text.encode().hex() in kept] == []


def test_a_mail_comes_out_byte_for_byte(world: World) -> None:
    letter = b" \r\nFrom: x\r\n\r\n\xe4\x00\xff trailing \t\r\n\x85\xa0"
    claim = actions.seal_mail(raw=letter, sender=NOOR, language="ar", jurisdiction="AE")
    task = actions.plan(
        session=world.session("service"),
        kind="conversation",
        purpose="service",
        people=[claim],
        ref="conversation:1",
    )
    assert actions.read_mail(session=world.session("service"), task=task) == letter


def test_an_import_brings_nobody_back_who_was_erased(world: World) -> None:
    erase(world)
    assert code(source="import") == "address_forgotten"
    assert code({"email": "NOOR@Mail.Example "}, source="import") == "address_forgotten"
    # A phone alone never matches, and coming in person is a fresh start.
    assert admit({"mobile": "+971501112222"}, source="import").confirmation is None
    assert admit().confirmation is not None
    assert queries.audit() == []


def erase(world: World) -> None:
    """Admit Noor with her phone, and erase her at her confirmed request."""
    noor = world.shopper(NOOR, EMAILS, mobile="+971501112222")
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[noor], ref="request:1"
    )
    link = actions.open(
        session=world.session("system"), purpose="rights", channel="email", fields=["email"], task=task, links=["erase"]
    ).people[0].links["erase"]  # fmt: skip
    assert actions.confirm_request(link) == "request:1"
    assert actions.confirm_request(link) == "request:1"
    assert forgetting.forget(session=world.session("service"), task=task).customers == (noor,)
