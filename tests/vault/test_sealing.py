"""Values sealed for one place open there and nowhere else."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.kernel.ids import CustomerId
from amana.vault import keys, sealing
from amana.vault.keys import KeyMissing, KeyRing, SealBroken
from amana.vault.sealing import SealedRow, TextUnreadable
from tests.vault.test_keys import DEPLOYMENT, FATIMA, OMAR, Memory, two_epochs

RING = two_epochs()
KEYS = {FATIMA: b"f" * 32, OMAR: b"o" * 32}
EMAIL = "fatima@example.com"

people = st.sampled_from([FATIMA, OMAR])
fields = st.sampled_from(["email", "mobile", "opinion"])
numbers = st.integers(0, 3)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def row(
    customer: CustomerId,
    *,
    field: str = "email",
    value_id: int = 1,
    version: int = 1,
    text: str = EMAIL,
    epoch: int = 1,
) -> SealedRow:
    wrapped = keys.wrap(
        ring=RING, epoch=epoch, deployment=DEPLOYMENT, customer=customer, person_key=KEYS[customer]
    )
    sealed = sealing.seal(
        person_key=KEYS[customer],
        deployment=DEPLOYMENT,
        customer=customer,
        field=field,
        value_id=value_id,
        version=version,
        plaintext=text,
    )
    return customer.bytes, epoch, wrapped, field, value_id, version, sealed


def opened(*rows: SealedRow, deployment: UUID = DEPLOYMENT, asked: tuple[str, ...] = ("email",)) -> list[str]:
    return sealing.open_batch(rows, ring=RING, deployment=deployment, fields=asked)


@given(text=texts, field=fields, value_id=st.integers(-(2**63), 2**63 - 1), version=st.integers(0, 2**31 - 1))
def test_what_is_sealed_opens_in_its_place(text: str, field: str, value_id: int, version: int) -> None:
    one = row(FATIMA, field=field, value_id=value_id, version=version, text=text)
    assert len(one[6]) == len(text.encode()) + 28
    assert opened(one, asked=(field,)) == [text]
    place = {"customer": FATIMA, "field": field, "value_id": value_id, "version": version}
    single = sealing.open_text(person_key=b"f" * 32, deployment=DEPLOYMENT, sealed=one[6], **place)  # type: ignore[arg-type]
    assert single == text


def test_bytes_are_sealed_as_they_are_and_never_pass_as_text() -> None:
    raw = b"\xff\xfe raw mail"
    key = KEYS[FATIMA]
    sealed = sealing.seal(
        person_key=key,
        deployment=DEPLOYMENT,
        customer=FATIMA,
        field="message",
        value_id=1,
        version=1,
        plaintext=raw,
    )
    again = sealing.open_(
        person_key=key,
        deployment=DEPLOYMENT,
        customer=FATIMA,
        field="message",
        value_id=1,
        version=1,
        sealed=sealed,
    )
    assert again == raw
    with pytest.raises(SealBroken):
        sealing.open_text(
            person_key=key,
            deployment=DEPLOYMENT,
            customer=FATIMA,
            field="message",
            value_id=1,
            version=1,
            sealed=sealed,
        )
    with pytest.raises(SealBroken):
        opened((*row(FATIMA)[:3], "message", 1, 1, sealed), asked=("message",))


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert len({row(FATIMA)[6] for _ in range(100)}) == 100


@given(
    first=st.tuples(people, fields, numbers, numbers, st.sampled_from([1, 2])),
    second=st.tuples(people, fields, numbers, numbers, st.sampled_from([1, 2])),
    taken=st.lists(st.booleans(), min_size=7, max_size=7),
    asked=st.lists(fields, max_size=3, unique=True),
    deployment=st.sampled_from([DEPLOYMENT, UUID(int=5)]),
)
def test_any_mixture_of_two_rows_opens_only_as_one_of_them(
    first: tuple[CustomerId, str, int, int, int],
    second: tuple[CustomerId, str, int, int, int],
    taken: list[bool],
    asked: list[str],
    deployment: UUID,
) -> None:
    a, b = (
        row(
            who,
            field=field,
            value_id=value_id,
            version=version,
            epoch=epoch,
            text=f"{who}{field}{value_id}{version}",
        )
        for who, field, value_id, version, epoch in (first, second)
    )
    mixed: SealedRow = tuple(y if t else x for x, y, t in zip(a, b, taken, strict=True))  # type: ignore[assignment]
    customer, _, _, field, value_id, version, _ = mixed
    expected = f"{UUID(bytes=customer)}{field}{value_id}{version}"
    try:
        result = opened(mixed, deployment=deployment, asked=tuple(asked))
    except SealBroken:
        assert mixed != a or deployment != DEPLOYMENT or field not in asked
    else:
        assert (result, deployment, field in asked) == ([expected], DEPLOYMENT, True)


@given(where=st.sampled_from([2, 6]), position=st.integers(0, 200), flip=st.integers(1, 255), data=st.data())
def test_any_changed_or_missing_byte_is_noticed(
    where: int, position: int, flip: int, data: st.DataObject
) -> None:
    good = row(FATIMA)
    original = bytes(good[where])  # type: ignore[arg-type]
    changed = bytearray(original)
    changed[position % len(changed)] ^= flip
    cut = original[: data.draw(st.integers(0, len(original) - 1))]
    for bad in (bytes(changed), cut, original + b"\0"):
        parts = [*good]
        parts[where] = bad
        with pytest.raises(SealBroken) as broken:
            opened(good, tuple(parts))  # type: ignore[arg-type]
        assert (broken.value.position, str(broken.value)) == (1, "seal_broken")


@pytest.mark.parametrize(
    ("position", "value"), [(0, b""), (0, b"x" * 17), (4, 2**63), (5, -(2**31) - 1), (5, 2**31), (3, "phone")]
)
def test_what_cannot_be_a_place_is_a_broken_seal(position: int, value: object) -> None:
    parts: list[object] = [*row(FATIMA)]
    parts[position] = value
    with pytest.raises(SealBroken):
        opened(tuple(parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"customer": OMAR},
        {"field": "mobile"},
        {"value_id": 2},
        {"version": 2},
        {"deployment": UUID(int=5)},
        {"person_key": b"o" * 32},
        {"person_key": b"short"},
        {"sealed": b""},
        {"sealed": b"x" * 27},
        {"value_id": 2**63},
    ],
)
def test_a_single_value_opens_for_exactly_what_was_asked(change: dict[str, object]) -> None:
    asked: dict[str, object] = {
        "person_key": KEYS[FATIMA],
        "deployment": DEPLOYMENT,
        "customer": FATIMA,
        "field": "email",
        "value_id": 1,
        "version": 1,
        "sealed": row(FATIMA)[6],
    }
    assert sealing.open_(**asked) == EMAIL.encode()  # type: ignore[arg-type]
    with pytest.raises(SealBroken) as broken:
        sealing.open_(**{**asked, **change})  # type: ignore[arg-type]
    assert (broken.value.code, broken.value.__cause__) == ("seal_broken", None)


def test_field_names_that_join_alike_are_told_apart() -> None:
    one = row(FATIMA, field="ab")
    for other in ("a", "abc", "ab\0", ""):
        with pytest.raises(SealBroken):
            opened((*one[:3], other, *one[4:]), asked=(other,))


def test_many_values_of_many_people_and_epochs_keep_their_order() -> None:
    rows = [
        row(person, field=field, epoch=epoch, text=f"{person}-{field}")
        for person, epoch in ((FATIMA, 1), (OMAR, 2), (FATIMA, 1))
        for field in ("email", "mobile")
    ]
    expected = [f"{UUID(bytes=r[0])}-{r[3]}" for r in rows]
    assert opened(*rows, asked=("email", "mobile")) == expected
    assert opened() == []


def test_a_wrapped_key_of_the_row_before_serves_nobody_else() -> None:
    fatima, omar = row(FATIMA), row(OMAR)
    with pytest.raises(SealBroken) as broken:
        opened(fatima, (omar[0], 1, fatima[2], *fatima[3:]))
    assert broken.value.position == 1


def test_a_value_sealed_with_somebody_elses_key_is_refused_beside_them() -> None:
    fatima = row(FATIMA)
    foreign = sealing.seal(
        person_key=KEYS[FATIMA],
        deployment=DEPLOYMENT,
        customer=OMAR,
        field="email",
        value_id=1,
        version=1,
        plaintext=EMAIL,
    )
    with pytest.raises(SealBroken) as broken:
        opened(fatima, (OMAR.bytes, *fatima[1:6], foreign))
    assert broken.value.position == 1


def test_an_absent_epoch_key_is_named_as_such() -> None:
    one = row(FATIMA)
    with pytest.raises(KeyMissing):
        sealing.open_batch([one], ring=KeyRing(Memory()), deployment=DEPLOYMENT, fields=["email"])


def test_half_a_character_pair_is_refused_without_repeating_the_text() -> None:
    with pytest.raises(TextUnreadable) as refused:
        row(FATIMA, text="secret\ud800")
    assert (str(refused.value), refused.value.__cause__) == ("text_unreadable", None)
    assert refused.value.__suppress_context__


def test_a_person_key_of_another_length_never_seals() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sealing.seal(
            person_key=b"x" * 16,
            deployment=DEPLOYMENT,
            customer=FATIMA,
            field="email",
            value_id=1,
            version=1,
            plaintext="",
        )
