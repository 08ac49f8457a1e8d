"""Refusals speak both languages, and the database's become ours."""

import pickle
import re
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.utils.translation import gettext_lazy

from amana.kernel import births, emails, ids, phones, refusal
from amana.kernel.refusal import Refusal, refusing
from amana.kernel.text import Bilingual

CODE = "customer_id_invalid"
REGISTERED = refusal.get_registered(CODE)
CLOSED = Bilingual(ar="المتجر مغلق الآن.", en="The shop is closed now.")

RAISE = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{}', MESSAGE = '{}'; END $$"


class ShopRefused(Refusal):
    """Say that a shop cannot do it."""


def test_a_refusal_has_code_message_and_status() -> None:
    refused = ShopRefused("test_shop_closed", CLOSED)
    assert (refused.code, refused.message, refused.status) == ("test_shop_closed", CLOSED, 400)
    assert [refused.message_in("ar"), refused.message_in("en")] == [CLOSED.ar, CLOSED.en]


def test_a_refusal_prints_its_code_alone() -> None:
    assert str(ShopRefused("test_shop_closed", CLOSED)) == "test_shop_closed"


def test_a_refusal_survives_pickling() -> None:
    copy = pickle.loads(pickle.dumps(ShopRefused("test_shop_closed", CLOSED, 409)))
    assert (type(copy), copy.code, copy.message, copy.status) == (
        ShopRefused,
        "test_shop_closed",
        CLOSED,
        409,
    )


def test_a_lazy_message_is_translated_when_read() -> None:
    refused = Refusal("test_lazy", gettext_lazy("Sunday"))
    assert [refused.message_in("en"), refused.message_in("ar")] == ["Sunday", "الأحد"]


def test_a_registered_code_makes_a_refusal_of_its_class() -> None:
    refused = ids.CustomerIdRefused.of(CODE)
    assert (type(refused), refused.message, refused.status) == (
        ids.CustomerIdRefused,
        REGISTERED.message,
        404,
    )


def test_an_unregistered_code_is_a_bug() -> None:
    with pytest.raises(refusal.UnregisteredCodeError, match="test_unheard_of"):
        Refusal.of("test_unheard_of")


def test_registering_the_same_again_changes_nothing() -> None:
    before = refusal.registered()
    assert refusal.register(CODE, REGISTERED.message, REGISTERED.status) == CODE
    assert refusal.registered() == before


def test_a_code_has_one_meaning() -> None:
    for message, status in ((CLOSED, 404), (REGISTERED.message, 400)):
        with pytest.raises(ValueError, match="another meaning"):
            refusal.register(CODE, message, status)
    assert refusal.get_registered(CODE) == REGISTERED


@pytest.mark.parametrize("code", ["", "Closed", "shop closed", "shop__closed", "_closed", "1st", "closed_"])
def test_a_malformed_code_is_a_bug(code: str) -> None:
    with pytest.raises(ValueError, match="snake_case"):
        refusal.register(code, CLOSED)


@pytest.mark.parametrize("status", [200, 302, 600])
def test_a_status_that_is_no_error_is_a_bug(status: int) -> None:
    with pytest.raises(ValueError, match="status"):
        Refusal("test_shop_closed", CLOSED, status)


def test_the_listing_is_sorted_by_code() -> None:
    codes = [entry.code for entry in refusal.registered()]
    assert codes == sorted(set(codes))


def test_the_kernels_messages_are_whole_sentences() -> None:
    files = (births, emails, ids, phones)
    sources = "".join(Path(str(file.__file__)).read_text("utf-8") for file in files)
    codes = re.findall(r'^register\(\n    "(\w+)"', sources, re.MULTILINE)
    messages = [refusal.get_registered(code).message for code in codes]
    assert len(messages) == 13
    assert [text for message in messages for text in (message.ar, message.en) if text[-1] != "."] == []


@pytest.mark.django_db
def test_the_databases_refusal_becomes_ours() -> None:
    with pytest.raises(Refusal) as refused, refusing(), transaction.atomic():
        connection.cursor().execute(RAISE.format("AM001", CODE))
    assert (refused.value.code, refused.value.message, refused.value.status) == (
        CODE,
        REGISTERED.message,
        404,
    )


@pytest.mark.django_db
def test_a_refusal_inside_atomic_rolls_back_and_leaves_the_connection_usable() -> None:
    with suppress(Refusal), transaction.atomic(), refusing():
        connection.cursor().execute(RAISE.format("AM001", CODE))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_psycopgs_own_error_is_understood_too() -> None:
    connection.ensure_connection()
    with pytest.raises(Refusal) as refused, transaction.atomic(), refusing():
        connection.connection.execute(RAISE.format("AM001", CODE))
    assert refused.value.code == CODE


@pytest.mark.django_db
def test_an_unregistered_code_from_the_database_is_a_bug() -> None:
    with pytest.raises(refusal.UnregisteredCodeError), transaction.atomic(), refusing():
        connection.cursor().execute(RAISE.format("AM001", "test_unheard_of"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (RAISE.format("23505", CODE), IntegrityError),
        ("SELECT 1 FROM nowhere", ProgrammingError),
    ],
)
def test_other_database_errors_pass_as_they_are(statement: str, error: type[DatabaseError]) -> None:
    with pytest.raises(error), transaction.atomic(), refusing():
        connection.cursor().execute(statement)


def test_errors_from_elsewhere_are_no_refusals() -> None:
    assert refusal.from_sqlstate(ValueError("AM001")) is None
    assert refusal.from_sqlstate(psycopg.OperationalError("AM001")) is None
    assert refusal.from_sqlstate(DatabaseError("AM001")) is None
    with pytest.raises(KeyError), refusing():
        raise KeyError
