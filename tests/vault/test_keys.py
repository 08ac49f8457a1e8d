"""Epoch keys in their folder, and persons' keys wrapped by them."""

import os
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel.ids import CustomerId
from amana.vault import keys
from amana.vault.keys import KeyDamaged, KeyInUse, KeyMissing, KeyRing, SealBroken

DEPLOYMENT = UUID("6f2d6c1e-5f5f-4a6e-9a63-6a8a4a9f1b00")
FATIMA = CustomerId(UUID("0b7a3f52-2f5b-4c7e-8a40-6f6df8c8a001"))
OMAR = CustomerId(UUID("0b7a3f52-2f5b-4c7e-8a40-6f6df8c8a002"))


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    made = KeyRing.load(tmp_path / "keys")
    made.make_next()
    return made


class Memory:
    """A source of keys that is not a folder, as a KMS would be."""

    def __init__(self) -> None:
        self.kept: dict[int, bytes] = {}

    def numbers(self) -> list[int]:
        return sorted(self.kept)

    def read(self, number: int) -> bytes:
        if number not in self.kept:
            raise KeyMissing.of("key_missing")
        return self.kept[number]

    def make_next(self) -> int:
        number = max(self.kept, default=0) + 1
        self.kept[number] = bytes([number]) * 32
        return number

    def destroy(self, number: int) -> None:
        del self.kept[number]


def two_epochs() -> KeyRing:
    made = KeyRing(Memory())
    made.make_next()
    made.make_next()
    return made


def test_a_key_is_one_private_file_of_32_bytes_in_a_private_folder(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "keys"
    ring = KeyRing.load(folder)
    assert [ring.make_next(), ring.make_next()] == [1, 2]
    assert sorted(path.name for path in folder.iterdir()) == ["1", "2"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE((folder / name).stat().st_mode) for name in "12"] == [0o600, 0o600]
    assert [(folder / name).read_bytes() for name in "12"] == [ring.get(1), ring.get(2)]
    assert len(ring.get(1)) == 32
    assert ring.get(1) != ring.get(2)


def test_the_newest_key_is_current_and_survives_a_new_load(tmp_path: Path) -> None:
    ring = KeyRing.load(tmp_path)
    with pytest.raises(KeyMissing) as empty:
        _ = ring.current
    assert empty.value.code == "key_missing"
    ring.make_next()
    ring.make_next()
    again = KeyRing.load(tmp_path)
    assert (again.current, again.numbers, again.get(2)) == (2, (1, 2), ring.get(2))


def test_a_key_made_elsewhere_is_found_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    here, there = KeyRing.load(tmp_path), KeyRing.load(tmp_path)
    number = there.make_next()
    assert here.get(number) == there.get(number)
    with pytest.raises(KeyMissing) as missing:
        here.get(7)
    assert (missing.value.code, missing.value.status) == ("key_missing", 503)


def test_destroying_removes_the_file_and_everybody_refuses_after_a_look(tmp_path: Path) -> None:
    here, there = KeyRing.load(tmp_path), KeyRing.load(tmp_path)
    here.make_next()
    there.make_next()
    here.destroy(1)
    there.refresh()
    assert [path.name for path in tmp_path.iterdir()] == ["2"]
    for ring in (here, there):
        assert ring.numbers == (2,)
        with pytest.raises(KeyMissing):
            ring.get(1)
        with pytest.raises(KeyMissing):
            ring.cipher(1)


def test_the_current_key_is_not_destroyed(ring: KeyRing) -> None:
    with pytest.raises(KeyInUse) as refused:
        ring.destroy(1)
    assert (refused.value.code, ring.numbers) == ("key_in_use", (1,))


def test_the_overwritten_bytes_are_not_the_key(tmp_path: Path) -> None:
    ring = KeyRing.load(tmp_path / "keys")
    ring.make_next()
    ring.make_next()
    # A second name of the same file shows what is left in its blocks.
    os.link(tmp_path / "keys" / "1", tmp_path / "witness")
    key = (tmp_path / "witness").read_bytes()
    ring.destroy(1)
    left = (tmp_path / "witness").read_bytes()
    assert (len(left), left == key) == (32, False)


def test_what_a_crash_left_is_neither_a_key_nor_kept(tmp_path: Path) -> None:
    for name in (".new-1-abc", ".destroyed-3", "notes", "01", "٣"):
        (tmp_path / name).write_bytes(b"x" * 32)
    ring = KeyRing.load(tmp_path)
    assert ring.numbers == ()
    assert ring.make_next() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["01", "1", "notes", "٣"]


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_file_that_is_not_32_bytes_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "1").write_bytes(content)
    with pytest.raises(KeyDamaged) as damaged:
        KeyRing.load(tmp_path)
    assert (damaged.value.code, damaged.value.status) == ("key_damaged", 503)


def test_many_makers_never_share_or_overwrite_a_number(tmp_path: Path) -> None:
    made: list[tuple[int, bytes]] = []

    def make() -> None:
        ring = KeyRing.load(tmp_path)
        for _ in range(5):
            number = ring.make_next()
            made.append((number, ring.get(number)))

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _ in made) == list(range(1, 31))
    final = KeyRing.load(tmp_path)
    assert dict(made) == {number: final.get(number) for number in final.numbers}


def test_a_fingerprint_tells_keys_apart(ring: KeyRing) -> None:
    ring.make_next()
    assert len(ring.fingerprint(1)) == 16
    assert ring.fingerprint(1) == KeyRing(Same(ring.get(1))).fingerprint(1)
    assert ring.fingerprint(1) != ring.fingerprint(2)


class Same(Memory):
    """One given key."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self.kept[1] = key


def test_a_wrapped_key_opens_for_its_person_and_is_60_bytes(ring: KeyRing) -> None:
    key = keys.new_person_key()
    wrapped = keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=key)
    again = keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=key)
    assert (len(wrapped), wrapped == again) == (60, False)
    assert keys.unwrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, wrapped=wrapped) == key


def test_another_person_deployment_or_epoch_opens_nothing() -> None:
    ring = two_epochs()
    wrapped = keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=b"k" * 32)
    asked = [(2, DEPLOYMENT, FATIMA), (1, UUID(int=1), FATIMA), (1, DEPLOYMENT, OMAR)]
    for epoch, deployment, customer in asked:
        with pytest.raises(SealBroken) as broken:
            keys.unwrap(ring=ring, epoch=epoch, deployment=deployment, customer=customer, wrapped=wrapped)
        assert (str(broken.value), broken.value.position) == ("seal_broken", None)


def test_the_epoch_is_bound_even_when_two_numbers_hold_the_same_bytes() -> None:
    memory = Memory()
    memory.kept = {1: b"k" * 32, 2: b"k" * 32}
    ring = KeyRing(memory)
    wrapped = keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=b"p" * 32)
    with pytest.raises(SealBroken):
        keys.unwrap(ring=ring, epoch=2, deployment=DEPLOYMENT, customer=FATIMA, wrapped=wrapped)


@given(position=st.integers(0, 59), flip=st.integers(1, 255))
def test_any_changed_byte_of_a_wrapped_key_is_noticed(position: int, flip: int) -> None:
    ring = two_epochs()
    wrapped = bytearray(
        keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=b"k" * 32)
    )
    wrapped[position] ^= flip
    with pytest.raises(SealBroken):
        keys.unwrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, wrapped=bytes(wrapped))


@given(wrapped=st.binary(max_size=80), customer=st.binary(max_size=20))
def test_any_other_bytes_are_refused_and_never_a_bug(wrapped: bytes, customer: bytes) -> None:
    with pytest.raises(SealBroken) as broken:
        keys.unwrap_many([(customer, 1, wrapped)], ring=two_epochs(), deployment=DEPLOYMENT)
    assert broken.value.position == 0


def test_rewrapping_moves_everybody_to_the_new_epoch_under_fresh_nonces() -> None:
    ring = two_epochs()
    people = [CustomerId(UUID(int=n)) for n in range(50)]
    person_keys = [keys.new_person_key() for _ in people]
    old = [
        (person.bytes, keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=person, person_key=key))
        for person, key in zip(people, person_keys, strict=True)
    ]
    new = keys.rewrap_many(old, ring=ring, deployment=DEPLOYMENT, old=1, new=2)
    rows = [(person.bytes, 2, wrapped) for person, wrapped in zip(people, new, strict=True)]
    ring.destroy(1)
    assert keys.unwrap_many(rows, ring=ring, deployment=DEPLOYMENT) == person_keys
    assert len({wrapped[:12] for wrapped in new}) == 50
    assert keys.rewrap_many([], ring=ring, deployment=DEPLOYMENT, old=2, new=2) == []


def test_a_batch_says_where_it_broke_and_not_whom() -> None:
    ring = two_epochs()
    good = keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=b"k" * 32)
    with pytest.raises(SealBroken) as broken:
        keys.rewrap_many(
            [(FATIMA.bytes, good), (OMAR.bytes, good)], ring=ring, deployment=DEPLOYMENT, old=1, new=2
        )
    assert (broken.value.position, str(broken.value)) == (1, "seal_broken")
    assert broken.value.__cause__ is None


def test_a_person_key_of_another_length_is_never_wrapped(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keys.wrap(ring=ring, epoch=1, deployment=DEPLOYMENT, customer=FATIMA, person_key=b"short")
