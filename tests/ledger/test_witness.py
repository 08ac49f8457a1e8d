"""Asking witnesses over HTTP: true ones, and those that are away, slow, lying, behind, or ahead of the log."""

import logging
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from threading import Event
from uuid import UUID

import pytest

from amana.ledger import cosigning, merkle, note, tiles, witness
from amana.ledger.cosigning import Rounds, State
from amana.ledger.note import COSIGNATURE, Signer, VerifierKey
from amana.ledger.sequencer import Sequenced
from amana.ledger.witness import Witness
from tests.database import Connection
from tests.ledger.http_witness import TIME, Said, Watching, open_to_submissions

Record = Callable[..., list[UUID]]
Sign = Callable[[], Sequenced]
Make = Callable[..., Watching]
in_database = pytest.mark.django_db(transaction=True)


@pytest.fixture
def make(signer: Signer) -> Iterator[Make]:
    """Return a function that opens a witness on this machine: it knows the log, and is closed in the end."""
    with ExitStack() as open_ones:

        def opened(name: str = "witness.example/w", seed: int = 1) -> Watching:
            watching = Watching(name, bytes([seed]) * 32, {signer.key.name: str(signer.key)})
            return open_ones.enter_context(open_to_submissions(watching))

        yield opened


def named(watching: Watching) -> Witness:
    """Return a witness as the setting names it."""
    key = VerifierKey(watching.name, watching.public, COSIGNATURE)
    [found] = witness.parse(f"{key} {watching.url}")
    return found


def ask(connection: Connection, watching: Watching) -> State:
    """Ask a witness once for the newest checkpoint."""
    newest = cosigning.find_newest(connection)
    assert newest is not None
    return cosigning.ask(connection, named(watching), newest)


def kept(owner: Connection) -> list[tuple[int, str]]:
    """Return size and witness of every cosignature that is kept."""
    rows = owner.execute("SELECT size, split_part(witness, '+', 1) FROM ledger.cosignature ORDER BY 1, 2")
    return [(size, name) for size, name in rows]


def trees(count: int, event: str) -> tuple[merkle.CompactRange, bytes]:
    """Return a tree of another history, and its leaf hashes."""
    hashes = b"".join(merkle.leaf_hash(f"{event} {number}".encode()) for number in range(count))
    tree = merkle.CompactRange()
    tree.extend(hashes)
    return tree, hashes


@in_database
def test_a_witness_cosigns_the_first_checkpoint_and_all_that_grow_from_it(
    sequencer_connection: Connection,
    owner_connection: Connection,
    record: Record,
    sign: Sign,
    signer: Signer,
    make: Make,
) -> None:
    watching = make()
    key = named(watching).key
    grown = (1, 1, 5, 248, 1, 1, 255, 300)
    for count in grown:
        record(count)
        sign()
        assert ask(sequencer_connection, watching) is State.COSIGNED
    sizes = [sum(grown[: number + 1]) for number in range(len(grown))]
    assert watching.asked == [0, *sizes[:-1]]
    assert kept(owner_connection) == [(size, "witness.example/w") for size in sizes]
    row = sequencer_connection.execute("SELECT note FROM ledger.find_checkpoint()").fetchone()
    assert row is not None
    assert note.verify_checkpoint(row[0], signer.key).size == sizes[-1]
    assert note.verify_cosignature(row[0], key) == TIME


@pytest.mark.parametrize("seed", range(20))
def test_the_tiles_on_two_edges_hold_every_consistency_proof(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.choice([1, 2, 255, 256, 257, 511, 4096, 65_535, 65_536, 65_537, 66_000])
    tree, hashes = trees(size, "grown")
    all_tiles = {(tile.level, tile.index): tile for tile in tiles.Edge().extend(hashes)}
    for _ in range(20):
        new = chance.randint(1, size)
        old = chance.randint(1, new)
        wanted = [(one.level or 0, one.index) for one in tiles.proof_addresses(old - 1, new)]
        node = tiles.node_reader(all_tiles[place] for place in wanted if place in all_tiles)
        assert merkle.verify_consistency(
            old=old,
            new=new,
            old_root=merkle.root(hashes[: 32 * old]),
            new_root=merkle.root(hashes[: 32 * new]),
            proof=merkle.consistency_proof(old, new, node),
        )
    assert merkle.root(hashes) == tree.root()


def test_a_submission_is_written_as_the_specification_has_it() -> None:
    checkpoint = (
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— a b\n"
    )
    assert witness.submission(20852014, [b"\x00" * 32, b"\xff" * 32], checkpoint).decode() == (
        "old 20852014\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        "//////////////////////////////////////////8=\n"
        "\n" + checkpoint
    )
    assert witness.submission(0, [], checkpoint).decode() == "old 0\n\n" + checkpoint


@in_database
def test_nothing_is_asked_before_there_is_an_entry(
    sequencer_connection: Connection, sign: Sign, make: Make
) -> None:
    rounds = Rounds(sequencer_connection, [named(make())])
    assert rounds.begin() == []
    sign()
    assert rounds.begin() == []
    rounds.end()


@in_database
def test_only_the_logs_own_signature_is_submitted(
    sequencer_connection: Connection, log: list[UUID], signer: Signer, make: Make
) -> None:
    first, second = make(), make("second.example/w", 2)
    assert [ask(sequencer_connection, one) for one in (first, second)] == [State.COSIGNED, State.COSIGNED]
    newest = cosigning.find_newest(sequencer_connection)
    assert newest is not None
    assert [one.name for one in note.Note.parse(newest.note).signatures] == [signer.key.name]


@in_database
def test_a_witness_whose_answer_was_lost_is_met_where_it_is(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, make: Make
) -> None:
    watching = make()
    record(5)
    sign()
    watching.lie = lambda said: (500, "text/plain", b"")
    assert ask(sequencer_connection, watching) is State.UNEXPECTED
    watching.lie = lambda said: said
    record(7)
    sign()
    assert ask(sequencer_connection, watching) is State.COSIGNED
    assert (watching.asked, kept(owner_connection)) == ([0, 0, 5], [(12, "witness.example/w")])


@in_database
def test_a_witness_that_cosigned_the_newest_before_gives_its_cosignature_again(
    sequencer_connection: Connection, owner_connection: Connection, log: list[UUID], make: Make
) -> None:
    watching = make()
    watching.lie = lambda said: (200, "text/plain", b"")
    assert ask(sequencer_connection, watching) is State.FALSE
    watching.lie = lambda said: said
    assert ask(sequencer_connection, watching) is State.COSIGNED
    assert (watching.asked, kept(owner_connection)) == ([0, 0, 310], [(310, "witness.example/w")])


@in_database
def test_a_witness_that_forgot_everything_begins_anew(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, make: Make
) -> None:
    watching = make()
    for _ in range(2):
        record(5)
        sign()
        assert ask(sequencer_connection, watching) is State.COSIGNED
        watching.cosigned.clear()
    assert (watching.asked, [size for size, _ in kept(owner_connection)]) == ([0, 5, 0], [5, 10])


@in_database
@pytest.mark.attack
@pytest.mark.parametrize(
    ("count", "state"), [(300, State.PROOF_REFUSED), (310, State.CONTRADICTED), (311, State.AHEAD)]
)
def test_a_witness_refuses_a_log_that_is_not_the_one_it_cosigned(
    sequencer_connection: Connection, owner_connection: Connection, log: list[UUID], signer: Signer, make: Make,
    count: int, state: State,
) -> None:  # fmt: skip
    watching = make()
    watching.cosigned[signer.key.name] = (count, trees(count, "another history")[0].root())
    assert ask(sequencer_connection, watching) is state
    assert kept(owner_connection) == []


@in_database
@pytest.mark.parametrize(
    ("logs", "state"),
    [
        ({}, State.LOG_UNKNOWN),
        ({"amana.example/ledger": str(Signer("amana.example/ledger", bytes(32)).key)}, State.KEY_UNTRUSTED),
    ],
)
def test_a_witness_that_does_not_know_the_log_or_its_key_says_so(
    sequencer_connection: Connection, log: list[UUID], make: Make, logs: dict[str, str], state: State
) -> None:
    watching = make()
    watching.logs = logs
    assert ask(sequencer_connection, watching) is state


def other_key(said: Said) -> Said:
    """Answer the line of another witness."""
    text = "amana.example/ledger\n310\n" + "A" * 43 + "=\n"
    return 200, "text/plain", Watching("other.example/w", bytes([9]) * 32).line(text).encode() + b"\n"


def other_text(said: Said) -> Said:
    """Answer a true line over another checkpoint."""
    line = Watching("witness.example/w", bytes([1]) * 32).line("amana.example/ledger\n1\n" + "A" * 43 + "=\n")
    return 200, "text/plain", f"{line}\n".encode()


LIES: list[tuple[Callable[[Said], Said], State]] = [
    (other_key, State.FALSE),
    (other_text, State.FALSE),
    (lambda said: (200, "text/plain", b""), State.FALSE),
    (lambda said: (200, "text/plain", said[2][:-10] + b"AAAAAAAA=\n"), State.FALSE),
    (lambda said: (200, "text/plain", said[2].strip()), State.FALSE),
    (lambda said: (200, "text/html", b"<html>\xff\x00</html>"), State.FALSE),
    (lambda said: (200, "text/plain", said[2] * 2000), State.FALSE),
    (lambda said: (500, "text/plain", b""), State.UNEXPECTED),
    (lambda said: (302, "text/plain", b"http://127.0.0.1:1/add-checkpoint"), State.UNEXPECTED),
    (lambda said: (307, "text/plain", b"http://127.0.0.1:1/add-checkpoint"), State.UNEXPECTED),
    (lambda said: (409, "text/x.tlog.size", b"0\n"), State.UNEXPECTED),
    (lambda said: (409, "text/plain", b"5\n"), State.UNEXPECTED),
    (lambda said: (409, "text/x.tlog.size", b"-5\n"), State.UNEXPECTED),
    (lambda said: (409, "text/x.tlog.size", b"9" * 18 + b"\n"), State.AHEAD),
]


@in_database
@pytest.mark.attack
@pytest.mark.parametrize(("lie", "state"), LIES)
def test_nothing_is_kept_of_a_lie_and_the_truth_is_taken_afterwards(
    sequencer_connection: Connection, owner_connection: Connection, log: list[UUID], make: Make,
    lie: Callable[[Said], Said], state: State,
) -> None:  # fmt: skip
    watching = make()
    watching.lie = lie
    assert (ask(sequencer_connection, watching), kept(owner_connection)) == (state, [])
    watching.lie = lambda said: said
    assert ask(sequencer_connection, watching) is State.COSIGNED


@in_database
@pytest.mark.attack
def test_a_witness_that_names_ever_other_sizes_is_left(
    sequencer_connection: Connection, log: list[UUID], make: Make
) -> None:
    watching = make()
    watching.lie = lambda said: (409, "text/x.tlog.size", f"{len(watching.asked) * 7}\n".encode())
    assert (ask(sequencer_connection, watching), watching.asked) == (State.UNEXPECTED, [0, 7, 14])


@in_database
def test_lines_of_other_keys_beside_the_true_one_are_left_out(
    sequencer_connection: Connection, owner_connection: Connection, log: list[UUID], make: Make
) -> None:
    watching = make()
    watching.lie = lambda said: (200, "text/plain", other_key(said)[2] + said[2])
    assert ask(sequencer_connection, watching) is State.COSIGNED
    assert kept(owner_connection) == [(310, "witness.example/w")]


@in_database
def test_damaged_tiles_are_said_to_be_ours(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, make: Make
) -> None:
    watching = make()
    for count in (300, 10):
        record(count)
        sign()
        owner_connection.execute("DELETE FROM ledger.tile WHERE %s::int = 10", [count])
        assert ask(sequencer_connection, watching) is (State.COSIGNED if count == 300 else State.DAMAGED)


@in_database
def test_a_witness_that_is_away_is_logged_once_and_left_alone_ever_longer(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, make: Make,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level(logging.INFO, "amana.ledger.cosigning")
    away, there = Watching("away.example/w", bytes([2]) * 32, url="http://127.0.0.1:1"), make()
    rounds = Rounds(sequencer_connection, [named(away), named(there)])
    told = []
    for _ in range(12):
        record(1)
        sign()
        told.append([one.result() for one in rounds.begin()])
    rounds.end()
    both, one = [State.UNREACHABLE, State.COSIGNED], [State.COSIGNED]
    assert told == [both, both, one, both, one, one, one, both, one, one, one, one]
    assert kept(owner_connection) == [(size, "witness.example/w") for size in range(1, 13)]
    assert sorted(one.getMessage() for one in caplog.records) == [
        "witness away.example/w: it does not answer",
        "witness witness.example/w: it cosigns",
    ]


@in_database
def test_a_slow_witness_keeps_neither_the_log_nor_another_waiting(
    sequencer_connection: Connection, owner_connection: Connection, record: Record, sign: Sign, make: Make
) -> None:
    slow, quick, answers = make("slow.example/w", 2), make(), Event()

    def late(said: Said) -> Said:
        answers.wait()
        return said

    slow.lie = late
    rounds = Rounds(sequencer_connection, [named(slow), named(quick)])
    record(3)
    sign()
    first, second = rounds.begin()
    assert second.result() is State.COSIGNED
    record(4)
    assert sign() == Sequenced(4, 7)
    assert [one.result() for one in rounds.begin()] == [State.COSIGNED]
    answers.set()
    assert first.result() is State.COSIGNED
    rounds.end()
    assert kept(owner_connection) == [
        (3, "slow.example/w"),
        (3, "witness.example/w"),
        (7, "witness.example/w"),
    ]


@in_database
def test_a_checkpoint_is_submitted_once(
    sequencer_connection: Connection, log: list[UUID], make: Make
) -> None:
    watching = make()
    rounds = Rounds(sequencer_connection, [named(watching)])
    assert [[one.result() for one in rounds.begin()] for _ in range(3)] == [[State.COSIGNED], [], []]
    rounds.end()
    assert watching.asked == [0]


@in_database
def test_it_runs_until_it_is_stopped(
    sequencer_connection: Connection, owner_connection: Connection, log: list[UUID], make: Make
) -> None:
    watching, stop = make(), Event()

    def last(said: Said) -> Said:
        stop.set()
        return said

    watching.lie = last
    cosigning.run(sequencer_connection, [named(watching)], stop)
    assert kept(owner_connection) == [(310, "witness.example/w")]


@in_database
@pytest.mark.attack
def test_the_applications_login_can_ask_nobody(
    app_connection: Connection, log: list[UUID], make: Make
) -> None:
    with pytest.raises(Exception, match="permission denied for function cosign"):
        ask(app_connection, make())
