"""Have witnesses cosign the newest checkpoint, in a process of its own: nobody who signs or serves waits for them.

Nothing is remembered but what the database holds: a proof begins at the checkpoint that the witness cosigned last, as
kept here; a witness that is elsewhere says so (409) and gets a proof from there.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from threading import Event

from amana.kernel.refusal import Refusal
from amana.ledger import merkle, sequencer, tiles, witness
from amana.ledger.note import Checkpoint, Note, NoteError
from amana.ledger.sequencer import Connection
from amana.ledger.witness import Answer, Post, Witness

log = logging.getLogger(__name__)

REST = 60.0
TRIES = 3
LONGEST = 64


class State(Enum):
    """How a witness answered last, in the words of the log."""

    COSIGNED = "it cosigns"
    UNREACHABLE = "it does not answer"
    LOG_UNKNOWN = "it does not know this log (404): its operator has to add our key"
    KEY_UNTRUSTED = "it does not trust our key (403)"
    PROOF_REFUSED = "it found that our record is no continuation of what it cosigned (422)"
    CONTRADICTED = "it cosigned another tree of this size (409)"
    AHEAD = "it cosigned a longer record than ours: ours was cut short, or a backup was restored"
    FALSE = "its answer holds no true cosignature by its key"
    UNEXPECTED = "its answer is not one of the protocol"
    DAMAGED = "our tiles do not hold the proof it needs: amana verify says what is wrong"


_BY_STATUS = {404: State.LOG_UNKNOWN, 403: State.KEY_UNTRUSTED, 422: State.PROOF_REFUSED}


@dataclass(frozen=True, slots=True)
class Newest:
    """The checkpoint to be cosigned: its size, and the note with the log's own signature alone."""

    size: int
    note: str


def find_newest(connection: Connection) -> Newest | None:
    """Return the newest checkpoint; None while there is none, or only that of the empty tree."""
    row = connection.execute("SELECT size, note FROM ledger.find_checkpoint()").fetchone()
    if row is None or row[0] == 0:
        return None
    parsed = Note.parse(row[1])
    origin = Checkpoint.parse(parsed.text).origin
    own = tuple(signature for signature in parsed.signatures if signature.name == origin)
    return Newest(row[0], str(Note(parsed.text, own)))


def find_cosigned(connection: Connection, asked: Witness) -> int:
    """Return the size of the newest checkpoint of which this witness's cosignature is kept; 0 when there is none."""
    row = connection.execute("SELECT size FROM ledger.find_witnessed(%s)", [asked.key.id.hex()]).fetchone()
    return 0 if row is None else int(row[0])


def ask(connection: Connection, asked: Witness, newest: Newest, *, post: Post = witness.post) -> State:
    """Ask a witness to cosign `newest`, and keep its cosignature once that is seen to be true.

    `connection` is the sequencer's login, in autocommit. Source: C2SP tlog-witness.
    """
    old = find_cosigned(connection, asked)
    for _ in range(TRIES):
        if old > newest.size:
            return State.AHEAD
        try:
            body = witness.submission(old, _proof(connection, old, newest.size), newest.note)
            answer = post(f"{asked.url}/add-checkpoint", body)
        except KeyError:
            return State.DAMAGED
        except OSError:
            return State.UNREACHABLE
        if answer.status != 409:
            return _judge(connection, asked, newest, answer)
        if answer.size is None or answer.size == old:
            return State.CONTRADICTED if old == newest.size else State.UNEXPECTED
        old = answer.size
    return State.UNEXPECTED


def _proof(connection: Connection, old: int, new: int) -> list[bytes]:
    if old in (0, new):
        return []
    stored = sequencer.read_tiles(connection, tiles.proof_addresses(old - 1, new))
    return merkle.consistency_proof(old, new, tiles.node_reader(stored))


def _judge(connection: Connection, asked: Witness, newest: Newest, answer: Answer) -> State:
    if answer.status != 200:
        return _BY_STATUS.get(answer.status, State.UNEXPECTED)
    try:
        signed = Note.parse(f"{Note.parse(newest.note).text}\n{answer.content.decode()}")
    except (NoteError, UnicodeDecodeError):
        return State.FALSE
    signature = signed.find(asked.key)
    if signature is None:
        return State.FALSE
    try:
        sequencer.accept_cosignature(connection, size=newest.size, line=signature.line, witness=asked.key)
    except Refusal:
        return State.FALSE
    return State.COSIGNED


@dataclass
class Standing:
    """How a witness stands: its last state, failures in a row, the rounds it is left alone, what is under way."""

    witness: Witness
    state: State | None = None
    failures: int = 0
    pause: int = 0
    under_way: "Future[State] | None" = None

    def settle(self, state: State) -> None:
        """Take in an answer: a new state is logged once, and failures are left alone ever longer."""
        if state is not self.state:
            level = logging.INFO if state is State.COSIGNED else logging.WARNING
            log.log(level, "witness %s: %s", self.witness.key.name, state.value)
        self.state = state
        self.failures = 0 if state is State.COSIGNED else self.failures + 1
        # None, 1, 3, 7 … 63 rounds: from the next minute to an hour.
        self.pause = 0 if state is State.COSIGNED else min(2 ** (self.failures - 1), LONGEST) - 1


class Rounds:
    """Asking all witnesses, each in a thread of its own: a slow one keeps no other waiting."""

    def __init__(
        self, connection: Connection, witnesses: Sequence[Witness], *, post: Post = witness.post
    ) -> None:
        """Prepare to ask `witnesses`; `connection` is the sequencer's login, in autocommit."""
        self.standings = [Standing(one) for one in witnesses]
        self._connection = connection
        self._post = post
        self._pool = ThreadPoolExecutor(max(1, len(witnesses)), thread_name_prefix="witness")

    def begin(self) -> "list[Future[State]]":
        """Begin a round: ask each witness that is due for the newest checkpoint it has not cosigned yet.

        All are asked for the same one. Raises what went wrong with an earlier attempt beside the witness itself.
        """
        newest = find_newest(self._connection)
        return (
            []
            if newest is None
            else [self._ask(one, newest) for one in self.standings if self._due(one, newest)]
        )

    def end(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._pool.shutdown(cancel_futures=True)

    def _due(self, one: Standing, newest: Newest) -> bool:
        if one.under_way is not None:
            if not one.under_way.done():
                return False
            one.under_way.result()
        if find_cosigned(self._connection, one.witness) >= newest.size:
            return False
        if one.pause:
            one.pause -= 1
            return False
        return True

    def _ask(self, one: Standing, newest: Newest) -> "Future[State]":
        one.under_way = self._pool.submit(self._settle, one, newest)
        return one.under_way

    def _settle(self, one: Standing, newest: Newest) -> State:
        state = ask(self._connection, one.witness, newest, post=self._post)
        one.settle(state)
        return state


def run(connection: Connection, witnesses: Sequence[Witness], stop: Event, *, rest: float = REST) -> None:
    """Ask the witnesses every `rest` seconds until `stop` is set.

    Raises psycopg.OperationalError when the connection is lost: whoever supervises starts it anew.
    """
    rounds = Rounds(connection, witnesses)
    try:
        while not stop.is_set():
            rounds.begin()
            stop.wait(rest)
    finally:
        rounds.end()
