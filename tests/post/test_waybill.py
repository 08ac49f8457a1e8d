"""The waybill: what left, what may have left, and what certainly did not."""

from pathlib import Path
from uuid import UUID

import pytest

from amana.post import waybill
from amana.post.transports import Outcome, Verdict
from amana.post.waybill import BEGUN

BATCH, ONE, TWO, THREE = (UUID(int=n) for n in range(4))
DONE = Verdict(Outcome.HANDED_OVER, "250 2.0.0")


def written(folder: Path) -> None:
    """Write a waybill whose second message never came back."""
    with waybill.opened(folder, BATCH) as bill:
        bill.begin(ONE)
        bill.end(ONE, DONE)
        bill.begin(TWO)


def test_what_began_and_never_ended_is_unconfirmed(tmp_path: Path) -> None:
    written(tmp_path)
    assert waybill.find(tmp_path, BATCH) == {ONE: DONE, TWO: BEGUN}


def test_a_missing_waybill_is_told_from_an_empty_one(tmp_path: Path) -> None:
    assert waybill.find(tmp_path, BATCH) is None
    with waybill.opened(tmp_path, BATCH):
        pass
    assert waybill.find(tmp_path, BATCH) == {}


def test_every_torn_end_leaves_at_worst_an_unconfirmed_message(tmp_path: Path) -> None:
    written(tmp_path)
    path = next(tmp_path.iterdir())
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        found = waybill.find(tmp_path, BATCH)
        assert found is not None
        assert found.get(ONE) in (None, BEGUN, DONE)
        begun = whole[:length].count(b"begin ")
        assert len(found) in (begun, begun - 1)


def test_it_is_started_once_and_discarded(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(FileExistsError), waybill.opened(tmp_path, BATCH):
        pass
    waybill.discard(tmp_path, BATCH)
    waybill.discard(tmp_path, BATCH)
    assert list(tmp_path.iterdir()) == []


def test_it_is_private_and_holds_only_numbers_and_codes(tmp_path: Path) -> None:
    written(tmp_path)
    path = next(tmp_path.iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text("ascii") == f"begin {ONE}\nend {ONE} handed_over 250 2.0.0\nbegin {TWO}\n"
