"""What people narrowed, kept as lines: over crashes, never altered unnoticed, by many writers, pruned."""

import datetime as dt
import json
import logging
import multiprocessing
import stat
from pathlib import Path
from uuid import UUID

import pytest

from amana.vault.narrowings import (
    Checked,
    Line,
    Narrowing,
    Narrowings,
    NarrowingsBroken,
    NarrowingsUnwritable,
    Written,
)
from tests.vault.test_journal import KEY, NOON
from tests.vault.test_keys import DEPLOYMENT

DAY = dt.timedelta(days=1)


def opened(folder: Path, *, key: bytes = KEY, deployment: UUID = DEPLOYMENT) -> Narrowings:
    return Narrowings(folder, key=key, deployment=deployment)


def narrowing(number: int, at: dt.datetime = NOON) -> Narrowing:
    return Narrowing(at, UUID(int=number), b"t" * 16, "withdrawn", "marketing", "email", "ar")


def written(folder: Path, *numbers: int, known: int = 0, at: dt.datetime = NOON) -> Written:
    return opened(folder).append([narrowing(number, at) for number in numbers], known=known, at=at)


def entries(folder: Path) -> list[int]:
    return [line.narrowing.entry.int for line in opened(folder).read() if line.narrowing]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal"


@pytest.fixture
def three(folder: Path) -> Path:
    assert written(folder, 1, 2, 3) == Written(0, 3)
    return folder


def test_without_a_file_there_is_nothing(folder: Path) -> None:
    narrowings = opened(folder)
    assert (narrowings.last(), list(narrowings.read()), narrowings.check()) == (0, [], Checked(0, lost=False))
    assert narrowings.prune(NOON) == 0
    assert not folder.exists()


def test_a_line_carries_its_decision_and_nobodys_name(three: Path) -> None:
    path = three / "narrowed"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(opened(three).read()) == [Line(n, NOON, narrowing(n)) for n in (1, 2, 3)]
    mac, _, body = path.read_bytes().splitlines()[0].partition(b" ")
    assert len(mac) == 64
    assert json.loads(body) == {
        "at": "2026-11-22T12:00:00.000000+00:00", "channel": "email", "entry": UUID(int=1).hex, "kind": "withdrawn",
        "language": "ar", "number": 1, "person": (b"t" * 16).hex(), "purpose": "marketing",
    }  # fmt: skip
    assert len(path.read_bytes().splitlines()[0]) < 320


def test_numbers_go_on_where_the_file_ends(three: Path) -> None:
    assert written(three, 4, known=3) == Written(3, 4)
    assert written(three, known=4) == Written(4, 4)
    assert (opened(three).last(), entries(three)) == (4, [1, 2, 3, 4])


def test_everything_and_no_channel_are_kept_as_they_are(folder: Path) -> None:
    whole = Narrowing(NOON, UUID(int=9), b"u" * 16, "restricted", "p" * 63, None, "en")
    opened(folder).append([whole], known=0, at=NOON)
    assert [line.narrowing for line in opened(folder).read()] == [whole]


@pytest.mark.parametrize("torn", [b"0", b"0" * 64 + b' {"at":', b"\x00" * 10_000])
def test_what_a_crash_left_unfinished_is_put_aside(
    three: Path, torn: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = three / "narrowed"
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert (opened(three).last(), entries(three)) == (3, [1, 2, 3])
    with caplog.at_level(logging.WARNING):
        assert written(three, 4, known=3) == Written(3, 4)
    assert entries(three) == [1, 2, 3, 4]
    assert (three / "unfinished").read_bytes() == b"%d %s\n" % (len(whole), torn.hex().encode())
    assert len(caplog.records) == 1


def test_a_file_that_never_held_a_whole_line_begins_again(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "narrowed").write_bytes(b"torn")
    assert opened(folder).last() == 0
    assert written(folder, 1) == Written(0, 1)
    assert entries(folder) == [1]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_altered_line_refuses_the_file(three: Path, place: int) -> None:
    path = three / "narrowed"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[place] = lines[place].replace(b'"marketing"', b'"survey_re"')
    path.write_bytes(b"".join(lines))
    with pytest.raises(NarrowingsBroken, match="narrowings_broken"):
        opened(three).check()


@pytest.mark.parametrize("order", [(0, 2), (1, 2), (0, 2, 1), (0, 1, 1, 2)])
def test_a_line_taken_out_or_moved_refuses_the_file(three: Path, order: tuple[int, ...]) -> None:
    path = three / "narrowed"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[n] for n in order))
    with pytest.raises(NarrowingsBroken, match="narrowings_broken"):
        opened(three).check()


@pytest.mark.parametrize("other", [{"key": b"another key, of 32 bytes or more"}, {"deployment": UUID(int=1)}])
def test_another_deployments_file_is_refused(three: Path, other: dict[str, object]) -> None:
    theirs = opened(three, **other)  # type: ignore[arg-type]
    with pytest.raises(NarrowingsBroken):
        theirs.last()
    with pytest.raises(NarrowingsBroken):
        theirs.append([narrowing(4)], known=3, at=NOON)


def test_an_altered_last_line_takes_no_other_after_it(three: Path) -> None:
    path = three / "narrowed"
    path.write_bytes(path.read_bytes().replace(b'"number":3', b'"number":9'))
    with pytest.raises(NarrowingsBroken):
        written(three, 4, known=3)


@pytest.mark.parametrize("left", [0, 1])
def test_where_lines_are_gone_a_mark_says_so(three: Path, left: int) -> None:
    path = three / "narrowed"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:left]))
    assert opened(three).check() == Checked(left, lost=False)
    assert written(three, 4, known=3) == Written(left, 4)
    found = list(opened(three).read())
    assert found[left:] == [Line(3, NOON, mark="resumed"), Line(4, NOON, narrowing(4))]
    assert opened(three).check() == Checked(4, lost=True)


def test_a_disk_that_takes_nothing_leaves_the_file_as_it_was(three: Path) -> None:
    path = three / "narrowed"
    before = path.read_bytes()
    (three / "unfinished").mkdir()
    path.write_bytes(before + b"torn")
    with pytest.raises(NarrowingsUnwritable, match="narrowings_unwritable"):
        written(three, 4, known=3)
    assert entries(three) == [1, 2, 3]


def test_old_lines_go_and_the_numbers_stay(folder: Path) -> None:
    for number in range(1, 6):
        written(folder, number, known=number - 1, at=NOON + number * DAY)
    narrowings = opened(folder)
    assert narrowings.prune(NOON + 3 * DAY) == 2
    assert entries(folder) == [3, 4, 5]
    assert next(narrowings.read()) == Line(2, NOON + 3 * DAY, mark="pruned")
    before = (folder / "narrowed").read_bytes()
    assert narrowings.prune(NOON + 3 * DAY) == 0
    assert (folder / "narrowed").read_bytes() == before
    assert narrowings.prune(NOON + 9 * DAY) == 3
    assert (narrowings.last(), narrowings.check()) == (5, Checked(5, lost=False))
    assert written(folder, 6, known=5) == Written(5, 6)
    assert narrowings.check() == Checked(6, lost=False)


def test_a_gap_is_forgotten_with_the_lines_around_it(folder: Path) -> None:
    written(folder, 8, known=7)
    written(folder, 9, known=8, at=NOON + 2 * DAY)
    assert opened(folder).check() == Checked(9, lost=True)
    assert opened(folder).prune(NOON + DAY) == 2
    assert (opened(folder).check(), entries(folder)) == (Checked(9, lost=False), [9])


def write_many(folder: Path, first: int) -> None:
    for number in range(first, first + 50):
        written(folder, number, number + 1000)
        if number % 10 == 0:
            opened(folder).prune(NOON - DAY)


def test_many_writers_share_the_file_and_its_numbers(folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(folder, first)) for first in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    expected = sorted(
        n + more for first in (0, 100, 200) for n in range(first, first + 50) for more in (0, 1000)
    )
    assert sorted(entries(folder)) == expected
    assert opened(folder).check() == Checked(300, lost=False)


def test_lines_added_while_somebody_prunes_are_all_there(folder: Path) -> None:
    written(folder, *range(1, 201), at=NOON - 2 * DAY)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_many, args=(folder, first)) for first in (300, 400)]
    for writer in writers:
        writer.start()
    opened(folder).prune(NOON - DAY)
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert opened(folder).prune(NOON - DAY) == 0
    assert len(entries(folder)) == 200
    assert opened(folder).check() == Checked(400, lost=False)


def test_somebody_who_reads_meanwhile_sees_the_lines_of_before(three: Path) -> None:
    reading = opened(three).read()
    assert next(reading).number == 1
    written(three, 4, known=3)
    opened(three).prune(NOON + DAY)
    assert [line.number for line in reading] == [2, 3]
    assert opened(three).check() == Checked(4, lost=False)


def test_a_short_key_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        opened(folder, key=b"short")
