"""The erase journal: kept over crashes, never altered unnoticed, written by many at once."""

import datetime as dt
import hashlib
import logging
import multiprocessing
import random
import resource
import shutil
import signal
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest

from amana.kernel.refusal import Refusal
from amana.vault.journal import (
    Head,
    Journal,
    JournalBroken,
    JournalMissing,
    JournalMoved,
    JournalUnwritable,
    Kind,
)
from tests.vault.test_keys import DEPLOYMENT, FATIMA, OMAR

KEY = b"journal key of the tests, 32 bytes or more"
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
GENESIS = hashlib.sha256(b"\x00\x10amana/journal/v1\x00\x10" + DEPLOYMENT.bytes).digest()


def opened(folder: Path, *, key: bytes = KEY, deployment: UUID = DEPLOYMENT) -> Journal:
    return Journal(folder, key=key, deployment=deployment)


def forget(journal: Journal, *tags: bytes, kind: Kind = "forget", expected: Head | None = None) -> Head:
    return journal.append(kind=kind, subjects=tags, at=NOON, expected=expected)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "home" / "journal"
    opened(made).create()
    return made


@pytest.fixture
def three(folder: Path) -> Path:
    journal = opened(folder)
    forget(journal, journal.tag_customer(FATIMA), journal.tag_address("email", "fatima@example.com"))
    forget(journal, kind="rotate")
    forget(journal, journal.tag_customer(OMAR))
    return folder


def test_a_new_journal_is_private_empty_and_begins_at_its_deployment(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "journal").stat().st_mode) == 0o600
    journal = opened(folder)
    assert (journal.head(), journal.records()) == (Head(0, GENESIS), [])
    assert opened(folder, deployment=UUID(int=1)).head() != journal.head()
    assert journal.compare(Head(0, GENESIS)) == "same"
    assert journal.compare(Head(0, b"")) == "same"
    assert journal.compare(Head(0, b"x" * 32)) == "forked"


def test_creating_again_keeps_what_is_there(three: Path) -> None:
    before = (three / "journal").read_bytes()
    opened(three).create()
    assert (three / "journal").read_bytes() == before


def test_a_record_carries_its_number_time_kind_and_tags_and_the_chain(three: Path) -> None:
    journal = opened(three)
    records = journal.records()
    lines = (three / "journal").read_bytes().splitlines()
    assert [(r.sequence, r.kind, r.at) for r in records] == [
        (1, "forget", NOON),
        (2, "rotate", NOON),
        (3, "forget", NOON),
    ]
    assert [r.head for r in records] == [
        Head(n, hashlib.sha256(line).digest()) for n, line in enumerate(lines, start=1)
    ]
    tags = {journal.tag_customer(FATIMA), journal.tag_address("email", "fatima@example.com")}
    assert (set(records[0].subjects), records[1].subjects) == (tags, ())
    assert journal.records(since=2) == records[2:]
    assert journal.head() == records[2].head


def test_append_returns_the_head_every_other_reader_sees(folder: Path) -> None:
    writer, reader = opened(folder), opened(folder)
    for number in range(1, 6):
        head = forget(writer, bytes([number]) * 16)
        assert head.sequence == number
        assert reader.head() == writer.head() == head == opened(folder).head()


def test_the_file_names_nobody(three: Path) -> None:
    content = (three / "journal").read_bytes()
    for plain in (str(FATIMA), FATIMA.hex, "fatima", str(OMAR), OMAR.hex, DEPLOYMENT.hex):
        assert content.find(plain.encode()) == -1


def test_tags_differ_by_use_field_subject_and_key(folder: Path) -> None:
    mine, other = opened(folder), opened(folder, key=b"another key of the tests, 32 bytes or more")
    tags = [
        mine.tag_customer(FATIMA),
        mine.tag_customer(OMAR),
        mine.tag_address("email", "a"),
        mine.tag_address("mobile", "a"),
        mine.tag_address("emaila", ""),
        other.tag_customer(FATIMA),
        other.tag_address("email", "a"),
    ]
    assert (len(set(tags)), {len(tag) for tag in tags}) == (7, {16})
    assert opened(folder, deployment=UUID(int=1)).tag_customer(FATIMA) == mine.tag_customer(FATIMA)


def test_whoever_begins_afresh_is_no_longer_forgotten(folder: Path) -> None:
    journal = opened(folder)
    person, address = journal.tag_customer(FATIMA), journal.tag_address("email", "fatima@example.com")
    forget(journal, person, address)
    assert journal.forgotten() == {person, address}
    forget(journal, address, kind="fresh_start")
    assert journal.forgotten() == {person}
    forget(journal, address)
    assert journal.forgotten() == {person, address}


def test_comparing_with_a_head_kept_elsewhere(three: Path, tmp_path: Path) -> None:
    journal = opened(three)
    heads = [record.head for record in journal.records()]
    assert [journal.compare(head) for head in heads] == ["ahead", "ahead", "same"]
    assert journal.compare(Head(0, GENESIS)) == "ahead"
    assert journal.compare(Head(4, heads[2].hash)) == "behind"
    assert [journal.compare(Head(n, b"x" * 32)) for n in (1, 3)] == ["forked", "forked"]
    assert opened(tmp_path / "nowhere").compare(heads[0]) == "missing"


def test_a_missing_journal_is_refused_and_never_begun_by_itself(three: Path) -> None:
    journal = opened(three)
    head = journal.head()
    (three / "journal").unlink()
    for one in (journal, opened(three), opened(three / "nowhere")):
        with pytest.raises(JournalMissing) as missing:
            one.head()
        assert (missing.value.code, missing.value.status) == ("journal_missing", 503)
        with pytest.raises(JournalMissing):
            one.records()
        with pytest.raises(JournalMissing):
            forget(one)
        assert one.compare(head) == "missing"
    assert [path.name for path in three.iterdir()] == []


def test_cut_at_every_byte_the_last_whole_record_is_the_head(three: Path) -> None:
    path = three / "journal"
    whole = path.read_bytes()
    heads = [Head(0, GENESIS), *(record.head for record in opened(three).records())]
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        left = whole[:cut].count(b"\n")
        journal = opened(three)
        assert journal.head() == heads[left]
        assert journal.compare(heads[3]) == ("same" if left == 3 else "behind")
        assert path.read_bytes() == whole[:cut]


def test_after_a_crash_at_any_byte_writing_goes_on_and_the_rest_is_put_aside(
    three: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, aside = three / "journal", three / "unfinished"
    whole = path.read_bytes()
    second = whole.index(b"\n") + 1
    for cut in random.Random(7).sample(range(second, len(whole)), 60):
        path.write_bytes(whole[:cut])
        aside.unlink(missing_ok=True)
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            head = forget(opened(three), b"n" * 16)
        kept = whole[: whole[:cut].rindex(b"\n") + 1]
        assert path.read_bytes().startswith(kept)
        assert [r.sequence for r in opened(three).records()] == list(range(1, kept.count(b"\n") + 2))
        assert opened(three).head() == head
        rest = whole[len(kept) : cut]
        assert aside.exists() == bool(rest)
        assert len(caplog.records) == (1 if rest else 0)
        if rest:
            assert aside.read_text() == f"{len(kept)} {rest.hex()}\n"


def test_any_changed_byte_is_noticed(three: Path) -> None:
    path = three / "journal"
    whole = path.read_bytes()
    head = opened(three).head()
    seeded = random.Random(11)
    for position in range(len(whole)):
        changed = bytearray(whole)
        changed[position] ^= seeded.randint(1, 255)
        path.write_bytes(changed)
        # The very last line break missing is a record cut off; anything else is damage.
        if position == len(whole) - 1:
            assert opened(three).compare(head) == "behind"
        else:
            assert noticed(three, head)


def noticed(folder: Path, head: Head) -> bool:
    try:
        return opened(folder).compare(head) != "same"
    except JournalBroken as broken:
        return (broken.code, broken.status) == ("journal_broken", 503)


def test_records_swapped_dropped_doubled_or_from_another_journal_are_refused(
    three: Path, tmp_path: Path
) -> None:
    path = three / "journal"
    one, two, last = path.read_bytes().splitlines(keepends=True)
    foreign = opened(tmp_path / "foreign", deployment=UUID(int=1))
    foreign.create()
    forget(foreign, b"x" * 16)
    strange = (tmp_path / "foreign" / "journal").read_bytes()
    for lines in (
        [two, one, last],
        [one, last],
        [two, last],
        [one, one, two],
        [strange],
        [one, two, last, b"\n"],
    ):
        path.write_bytes(b"".join(lines))
        with pytest.raises(JournalBroken):
            opened(three).head()
        with pytest.raises(JournalBroken):
            forget(opened(three))


def test_another_key_verifies_nothing(three: Path) -> None:
    with pytest.raises(JournalBroken):
        opened(three, key=b"another key of the tests, 32 bytes or more").records()


def test_records_that_were_seen_cannot_go_unnoticed_in_a_running_process(three: Path) -> None:
    path = three / "journal"
    whole = path.read_bytes()
    journal = opened(three)
    journal.head()
    path.write_bytes(whole[: whole.index(b"\n") + 1])
    for act in (journal.head, journal.records, lambda: forget(journal)):
        with pytest.raises(JournalBroken):
            act()
    path.write_bytes(whole)
    assert journal.head().sequence == 3


def test_another_history_of_the_same_length_or_longer_is_noticed_by_who_saw_the_first(
    three: Path, tmp_path: Path
) -> None:
    running = opened(three)
    running.head()
    shutil.copytree(three, tmp_path / "copy")
    lines = (three / "journal").read_bytes().splitlines(keepends=True)
    (tmp_path / "copy" / "journal").write_bytes(b"".join(lines[:2]))
    other = opened(tmp_path / "copy")
    forget(other, b"o" * 16)
    forget(other, b"p" * 16)
    (tmp_path / "copy" / "journal").replace(three / "journal")
    with pytest.raises(JournalBroken):
        running.head()
    assert opened(three).head().sequence == 4


def test_building_on_another_head_than_the_journals_is_refused(three: Path) -> None:
    journal = opened(three)
    before = (three / "journal").read_bytes()
    heads = [record.head for record in journal.records()]
    for expected in (heads[1], Head(4, b"x" * 32), Head(3, b"x" * 32)):
        with pytest.raises(JournalMoved) as moved:
            forget(journal, expected=expected)
        assert moved.value.code == "journal_moved"
    assert (three / "journal").read_bytes() == before
    assert forget(journal, expected=heads[2]).sequence == 4


@pytest.mark.parametrize(("kind", "at"), [("erase", NOON), ("forget", NOON.replace(tzinfo=None))])
def test_an_unknown_kind_or_a_time_without_zone_is_a_bug(folder: Path, kind: Kind, at: dt.datetime) -> None:
    with pytest.raises(ValueError, match="known kind"):
        opened(folder).append(kind=kind, subjects=[], at=at)


def test_a_short_key_is_a_bug(folder: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        opened(folder, key=b"short")


def test_the_key_comes_from_the_home(three: Path) -> None:
    home = three.parent
    with pytest.raises(JournalMissing):
        Journal.at_home(home, deployment=DEPLOYMENT)
    (home / "secrets").mkdir()
    (home / "secrets" / "journal").write_bytes(KEY + b"\n")
    assert Journal.at_home(home, deployment=DEPLOYMENT).head() == opened(three).head()


def test_a_full_disk_refuses_and_leaves_no_half_record(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.SimpleQueue[str] = context.SimpleQueue()
    child = context.Process(target=write_on_a_full_disk, args=(folder, results))
    child.start()
    child.join(60)
    assert (child.exitcode, results.get()) == (0, "journal_unwritable")
    assert opened(folder).head().sequence == (folder / "journal").read_bytes().count(b"\n")
    assert (folder / "journal").read_bytes().endswith(b"\n")


def write_on_a_full_disk(folder: Path, results: "multiprocessing.SimpleQueue[str]") -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
    journal = opened(folder)
    try:
        for _ in range(10):
            forget(journal, b"t" * 16)
    except Refusal as refusal:
        results.put(refusal.code if isinstance(refusal, JournalUnwritable) else "other")


def append_many(folder: Path, mark: int, count: int) -> None:
    journal = opened(folder)
    for number in range(count):
        head = forget(journal, bytes([mark, number]) * 8)
        assert journal.compare(head) != "forked"


def test_four_processes_append_one_unbroken_chain(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=append_many, args=(folder, mark, 25)) for mark in range(4)]
    for writer in writers:
        writer.start()
    reader = opened(folder)
    seen = [reader.head().sequence]
    while any(writer.is_alive() for writer in writers):
        seen.append(reader.head().sequence)
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0, 0]
    assert seen == sorted(seen)
    records = opened(folder).records()
    assert [record.sequence for record in records] == list(range(1, 101))
    assert {record.subjects[0] for record in records} == {
        bytes([mark, number]) * 8 for mark in range(4) for number in range(25)
    }


def test_threads_that_share_one_journal_append_one_unbroken_chain(folder: Path) -> None:
    journal = opened(folder)
    heads: list[Head] = []

    def write(mark: int) -> None:
        heads.extend(forget(journal, bytes([mark, number]) * 8) for number in range(20))

    threads = [threading.Thread(target=write, args=(mark,)) for mark in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(head.sequence for head in heads) == list(range(1, 121))
    assert sorted(heads) == [record.head for record in opened(folder).records()]
