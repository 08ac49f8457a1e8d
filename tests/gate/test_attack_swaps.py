"""Attack 7: move sealed values about as the superuser, and race erasures against whoever comes late."""

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from django.db import connections

from amana.gate import actions, calls, forgetting, queries, reindexing
from amana.gate.door import door
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.vault import keys, sealing
from tests.gate import raw
from tests.world import EMAILS, Connection, World

pytestmark = pytest.mark.attack
RACES = 500

SWAPS = {
    "ciphertexts of two people": "UPDATE vault.value a SET ciphertext = b.ciphertext FROM vault.value b"
    " WHERE a.field = b.field AND a.person <> b.person",
    "values of two people, with their numbers": "UPDATE vault.value a SET (id, version, ciphertext) ="
    " (b.id, b.version, b.ciphertext) FROM vault.value b WHERE a.field = b.field AND a.person <> b.person",
    "ciphertexts of two fields": "UPDATE vault.value a SET (id, version, ciphertext) = (b.id, b.version, b.ciphertext)"
    " FROM vault.value b WHERE a.field <> b.field AND a.person = b.person",
    "wrapped keys": "UPDATE vault.key a SET wrapped = b.wrapped FROM vault.key b WHERE a.person <> b.person",
    "keys and ciphertexts": "WITH k AS (UPDATE vault.key a SET wrapped = b.wrapped FROM vault.key b"
    " WHERE a.person <> b.person) UPDATE vault.value a SET (id, version, ciphertext) ="
    " (b.id, b.version, b.ciphertext) FROM vault.value b WHERE a.field = b.field AND a.person <> b.person",
    "versions": "UPDATE vault.value SET version = version + 1",
    "value numbers": "UPDATE vault.value SET id = id + 1",
    "one bit": "UPDATE vault.value SET ciphertext = set_bit(ciphertext, 200, 1 - get_bit(ciphertext, 200))",
    "a cut tag": "UPDATE vault.value SET ciphertext = substr(ciphertext, 1, octet_length(ciphertext) - 1)",
    "nothing at all": "UPDATE vault.value SET ciphertext = ''",
    "a cut key": "UPDATE vault.key SET wrapped = substr(wrapped, 1, 59)",
}


@pytest.fixture
def pair(world: World) -> tuple[CustomerId, CustomerId]:
    """Return two shoppers whose name and address may be opened."""
    return world.shopper("noor@mail.example", EMAILS), world.shopper(
        "maha@mail.example", EMAILS, name="مها العلي"
    )


def opened(world: World, *people: CustomerId) -> list[str]:
    """Return every text that a release of these people gives, or the code that refuses it."""
    try:
        opening = actions.open(
            session=world.session("system"), purpose="marketing", channel="email", fields=["email", "name"],
            task=raw.plan(world, *people),
        )  # fmt: skip
    except Refusal as refusal:
        return [refusal.code]
    return sorted(text for person in opening.people for text in person.values.values())


@pytest.mark.parametrize("swap", SWAPS)
def test_what_was_moved_does_not_open(
    world: World, superuser_connection: Connection, pair: tuple[CustomerId, CustomerId], swap: str
) -> None:
    # The confirmed address stays the one that is released: only its place in the vault changes.
    superuser_connection.execute(SWAPS[swap])
    superuser_connection.execute(
        "UPDATE consent.address a SET value = v.id FROM vault.value v WHERE v.person = a.person AND v.field = a.field"
    )
    assert opened(world, pair[0]) == ["seal_broken"]
    assert opened(world, *pair) == ["seal_broken"]


def test_people_exchanged_whole_do_not_open(
    world: World, superuser_connection: Connection, pair: tuple[CustomerId, CustomerId]
) -> None:
    with superuser_connection.transaction():
        superuser_connection.execute(
            "UPDATE vault.person SET customer = gen_random_uuid() WHERE customer = %s", [pair[0]]
        )
        superuser_connection.execute("UPDATE vault.person SET customer = %s WHERE customer = %s", pair)
    assert opened(world, pair[0]) == ["seal_broken"]


def test_an_old_ciphertext_in_the_place_of_a_new_one_does_not_open(
    world: World, superuser_connection: Connection, pair: tuple[CustomerId, CustomerId]
) -> None:
    here, noor = door(), pair[0]
    person, epoch, wrapped, old, number = superuser_connection.execute(
        "SELECT p.id, k.epoch, k.wrapped, v.ciphertext, v.id FROM vault.person p JOIN vault.key k ON k.person = p.id"
        " JOIN vault.value v ON v.person = p.id AND v.field = policy.term_id('field', 'email') WHERE p.customer = %s",
        [noor],
    ).fetchone() or (0, 0, b"", b"", 0)
    own = keys.unwrap(ring=here.keys, epoch=epoch, deployment=here.deployment, customer=noor, wrapped=wrapped)
    new = sealing.seal(
        person_key=own, deployment=here.deployment, customer=noor, field="email", value_id=number, version=2,
        plaintext="new@mail.example",
    )  # fmt: skip
    where = "WHERE person = %s AND field = policy.term_id('field', 'email')"
    superuser_connection.execute(
        f"UPDATE vault.value SET version = 2, ciphertext = %s {where}", [new, person]
    )
    assert opened(world, noor) == ["new@mail.example", "نور العتيبي"]
    superuser_connection.execute(f"UPDATE vault.value SET ciphertext = %s {where}", [old, person])
    assert opened(world, noor) == ["seal_broken"]
    # Put back whole, number and version too, it is what it was: the record of the admission is what tells.
    superuser_connection.execute(f"UPDATE vault.value SET version = 1 {where}", [person])
    assert (opened(world, noor), queries.audit()) == (["noor@mail.example", "نور العتيبي"], [])


def test_the_key_of_an_erased_person_cannot_be_put_back_to_use(
    world: World, superuser_connection: Connection, pair: tuple[CustomerId, CustomerId]
) -> None:
    superuser_connection.execute("CREATE TABLE public.kept_key AS SELECT * FROM vault.key")
    superuser_connection.execute("CREATE TABLE public.kept_value AS SELECT * FROM vault.value")
    try:
        task = raw.plan(world, pair[0])
        forgetting.forget(session=world.session("service"), task=request(world, pair[0]))
        superuser_connection.execute(
            "INSERT INTO vault.key SELECT * FROM public.kept_key ON CONFLICT DO NOTHING"
        )
        superuser_connection.execute(
            "INSERT INTO vault.value SELECT * FROM public.kept_value ON CONFLICT DO NOTHING"
        )
        opening = actions.open(
            session=world.session("system"), purpose="marketing", channel="email", fields=["email"], task=task
        )
        assert (list(opening.people), opening.refused) == ([], {"erased": None})
    finally:
        superuser_connection.execute("DROP TABLE public.kept_key, public.kept_value")


def request(world: World, customer: CustomerId) -> int:
    """Return the task of an erasure that the owner of the address has confirmed."""
    task = actions.plan(
        session=world.session("service"), kind="request", purpose="rights", people=[customer], ref="request:1"
    )
    opening = actions.open(
        session=world.session("system"),
        purpose="rights",
        channel="email",
        fields=["email"],
        task=task,
        links=["erase"],
    )
    actions.confirm_request(opening.people[0].links["erase"])
    return task


def rotate(owner: Connection, fresh: int) -> None:
    """Wrap every key anew by the newest epoch, as the owner does when keys rotate: read, wrap outside, write."""
    here = door()
    for old in range(1, fresh):
        rows = owner.execute(
            "SELECT person, customer, wrapped FROM gate.keys_of_epoch(%s, 50)", [old]
        ).fetchall()
        wrapped = keys.rewrap_many(
            [(customer.bytes, before) for _, customer, before in rows],
            ring=here.keys, deployment=here.deployment, old=old, new=fresh,
        )  # fmt: skip
        owner.execute(
            "SELECT gate.rewrap(%s::bigint[], %s::bytea[], %s::bytea[], %s, %s)",
            [[row[0] for row in rows], [row[2] for row in rows], wrapped, old, fresh],
        )


def reindex(owner: Connection, fresh: int) -> None:
    """Index everybody anew by the newest key, as the owner does when index keys rotate."""
    rows = owner.execute(
        "SELECT * FROM gate.values_to_index(%s::text[], %s, 0, 20)", [list(reindexing.FIELDS), fresh]
    ).fetchall()
    values = [reindexing._Value(*row) for row in rows if row[1] is not None]
    owner.execute(reindexing._REINDEX, reindexing._anew(door(), fresh, *reindexing._opened(door(), values)))


@dataclass
class Races:
    """Actors that meet once a race; whatever a thread does wrong is kept for the test to see."""

    actors: Sequence[Callable[[int, random.Random], object]]
    failures: list[Exception] = field(default_factory=list)

    def run(self) -> None:
        """Let all actors race RACES times, and wait for them."""
        start = threading.Barrier(len(self.actors))
        threads = [
            threading.Thread(target=self._act, args=(number, start)) for number in range(len(self.actors))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _act(self, number: int, start: threading.Barrier) -> None:
        try:
            for race in range(RACES):
                start.wait(60)
                self._race(number, race)
        except Exception as error:  # noqa: BLE001 (a thread's failure is the test's)
            self.failures.append(error)
            start.abort()
        finally:
            connections.close_all()

    def _race(self, number: int, race: int) -> None:
        try:
            self.actors[number](race, random.Random(race * 10 + number))
        except Refusal as refusal:
            # Whoever comes late is told so; nothing else may go wrong.
            if refusal.code not in ("person_unknown", "link_invalid"):
                raise


@dataclass(frozen=True)
class Leaving:
    """A shopper about to be erased: the confirmed request, and the old confirmation link."""

    customer: CustomerId
    request: int
    link: str
    email: str


def leaving(world: World, number: int) -> Leaving:
    """Admit a shopper, confirm the address, and confirm the request to be erased."""
    email = f"{number}@mail.example"
    admitted = world.admit(email, EMAILS)
    link = world.link(admitted, "confirm")
    actions.confirm(link, language="ar")
    return Leaving(admitted.customer, request(world, admitted.customer), link, email)


def late_arrivals(world: World, one: Leaving) -> list[Callable[[], object]]:
    """Return what may still come in about somebody who is being erased."""
    return [
        lambda: world.admit(one.email, EMAILS),
        lambda: actions.confirm(one.link, language="ar"),
        lambda: opened(world, one.customer),
        lambda: actions.suppress(
            session=world.session("system"), customer=one.customer, channel="email", reason="bounced"
        ),
        lambda: actions.note(customer=one.customer, event="draw.entered", payload="{}"),
    ]


KEPT = ("vault.key", "vault.value", "vault.blind", "vault.token", "ledger.nonce")


def left_of_the_erased(world: World) -> list[int]:
    """Count keys, values, indexes, words and nonces of erased people, and last the erased people."""
    erased = "SELECT id FROM vault.person WHERE erased_at IS NOT NULL"
    counts = [f"SELECT count(*) FROM {table} WHERE person IN ({erased})" for table in KEPT]
    statement = " UNION ALL ".join([*counts, f"SELECT count(*) FROM ({erased}) AS e"])
    return [int(count) for (count,) in world.owner.execute(statement).fetchall()]


@pytest.mark.slow
def test_nobody_erased_keeps_a_key_whatever_comes_late(
    world: World, connect: Callable[..., Connection]
) -> None:
    shoppers = [leaving(world, number) for number in range(RACES)]
    world.session("marketing")
    service, owner, fresh = world.session("service"), connect("amana_owner"), door().keys.make_next()
    newest = door().indexes.make_next()
    owner.execute("SELECT gate.begin_index(%s)", [newest])

    def erase(race: int, dice: random.Random) -> None:
        for _ in range(dice.randrange(4)):
            calls.head()
        forgetting.forget(session=service, task=shoppers[race].request)

    def come_late(race: int, dice: random.Random) -> None:
        for arrival in dice.sample(late_arrivals(world, shoppers[race]), 2):
            arrival()

    def rotate_both(race: int, dice: random.Random) -> None:
        rotate(owner, fresh)
        reindex(owner, newest)

    races = Races([erase, come_late, rotate_both])
    races.run()
    *left, erased = left_of_the_erased(world)
    assert (races.failures, left) == ([], [0, 0, 0, 0, 0])
    assert erased >= RACES
