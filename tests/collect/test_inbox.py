"""The inbox changes over between two tables, and a writer never meets a drain."""

import json

import psycopg
import pytest

from amana.collect.writing import ROW_BYTES, array, rows_of
from tests.database import Connection


@pytest.mark.django_db(transaction=True)
def test_changing_over_closes_one_table_and_opens_the_other(app_connection: Connection) -> None:
    assert app_connection.execute("SELECT collect_write_slot()").fetchone() == (0,)
    assert app_connection.execute("SELECT * FROM collect_change_over()").fetchone() == (0, 1)
    assert app_connection.execute("SELECT collect_write_slot()").fetchone() == (1,)
    assert app_connection.execute("SELECT * FROM collect_change_over()").fetchone() == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_a_closed_table_is_emptied_before_it_opens_again(app_connection: Connection) -> None:
    app_connection.execute("INSERT INTO collect_inbox_1 VALUES ('{}')")
    with pytest.raises(psycopg.errors.RaiseException):
        app_connection.execute("SELECT * FROM collect_change_over()")
    app_connection.execute("TRUNCATE collect_inbox_1")
    assert app_connection.execute("SELECT * FROM collect_change_over()").fetchone() == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_chose_the_closed_table_is_refused(app_connection: Connection) -> None:
    assert app_connection.execute("SELECT collect_write_slot(0::smallint)").fetchone() == (0,)
    app_connection.execute("SELECT * FROM collect_change_over()")
    with pytest.raises(psycopg.DatabaseError, match="inbox_changed_over") as refused:
        app_connection.execute("SELECT collect_write_slot(0::smallint)")
    assert refused.value.sqlstate == "AM002"


def test_lines_share_rows_that_fit_a_page() -> None:
    lines = [b"x" * size for size in (3000, 3000, 1997, 1, 9000, 1, 7999, 7999)]
    rows = rows_of(lines)
    assert [row.split(b"\n") for row in rows] == [
        lines[:3],
        lines[3:4],
        lines[4:5],
        lines[5:6],
        lines[6:7],
        lines[7:],
    ]
    assert rows_of([]) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("texts", [[], ["a"], ["ثوب", "", "x" * 9000]])
def test_texts_are_an_array_to_the_database(app_connection: Connection, texts: list[str]) -> None:
    written = array([text.encode() for text in texts])
    found = app_connection.pgconn.exec_params(b"SELECT to_json($1::text[])", [written], param_formats=[1])
    assert json.loads(found.get_value(0, 0) or b"") == texts


@pytest.mark.django_db(transaction=True)
def test_a_full_row_stays_in_its_page(app_connection: Connection) -> None:
    row = "x" * (ROW_BYTES - 1)
    app_connection.execute("INSERT INTO collect_inbox_0 SELECT %s FROM generate_series(1, 4)", [row])
    found = app_connection.execute(
        "SELECT max(pg_column_size(line)), pg_relation_size('collect_inbox_0') / 8192,"
        " (SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'collect_inbox_0'::regclass)"
        " FROM collect_inbox_0"
    ).fetchone()
    assert found == (len(row) + 4, 4, 0)
