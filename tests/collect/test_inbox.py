"""The inbox changes over between two tables, and a writer never meets a drain."""

import psycopg
import pytest

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
