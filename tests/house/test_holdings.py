"""Every column that refers to a person is covered by a room's holding, or belongs to the lock itself."""

import pytest

from amana.gate import holdings
from tests.database import Connection

# The lock's own rows go with the person by gate.forget_people, and the attacks try that they do.
LOCK = frozenset({"vault", "consent", "uses", "ledger"})
COLUMNS = """
SELECT table_schema || '.' || table_name || '.' || column_name FROM information_schema.columns
WHERE column_name IN ('customer', 'person') AND table_schema NOT IN ('pg_catalog', 'information_schema', 'test_seed')
ORDER BY 1
"""


def uncovered(owner: Connection) -> list[str]:
    """Return the columns that refer to a person and that no holding covers."""
    covered = {column for holding in holdings.declared() for column in holding.columns}
    found = [name for (name,) in owner.execute(COLUMNS)]
    return [name for name in found if name.split(".")[0] not in LOCK and name not in covered]


@pytest.mark.django_db(transaction=True)
def test_r3_every_column_of_a_person_is_held(owner_connection: Connection) -> None:
    assert uncovered(owner_connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_planted_column_is_found(owner_connection: Connection) -> None:
    owner_connection.execute("CREATE TABLE public.planted (customer uuid)")
    try:
        assert uncovered(owner_connection) == ["public.planted.customer"]
    finally:
        owner_connection.execute("DROP TABLE public.planted")
