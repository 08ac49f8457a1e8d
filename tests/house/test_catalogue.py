"""Attack 3: a function or a grant that opens the lock. The catalogue is clean, and each planted breach is seen."""

import pytest

from tests.database import Connection
from tests.house import catalogue

pytestmark = [pytest.mark.attack, pytest.mark.django_db(transaction=True)]
PINNED = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp" + "".join(
    f" SET {name} = {value}"
    for name, value in sorted(
        setting.split("=") for setting in catalogue.BOUND if not setting.startswith("search")
    )
)
OWNED = "ALTER FUNCTION gate.planted() OWNER TO amana_definer"
CLOSED = "REVOKE EXECUTE ON FUNCTION gate.planted() FROM PUBLIC"


def planted(body: str, *more: str) -> tuple[str, ...]:
    """Return the statements that plant one function of the definer's, closed to everybody."""
    return (f"CREATE FUNCTION gate.planted() RETURNS bigint LANGUAGE {body}", OWNED, CLOSED, *more)


def test_the_catalogue_knows_of_no_breach(superuser_connection: Connection) -> None:
    assert catalogue.open_doors(superuser_connection) == []
    assert catalogue.bare_names(superuser_connection) == []


def test_the_list_allows_nothing_that_is_gone(superuser_connection: Connection) -> None:
    assert catalogue.forgotten(superuser_connection) == []


@pytest.mark.parametrize(
    ("statements", "breach"),
    [
        (planted("sql SECURITY DEFINER AS 'SELECT 1'"),
         "gate.planted() is not bound to " + ", ".join(sorted(catalogue.BOUND))),
        (planted(f"sql {PINNED.replace('pg_temp', 'public')} AS 'SELECT 1'"),
         "gate.planted() is not bound to search_path=pg_catalog, pg_temp"),
        (planted(f"sql {PINNED} AS 'SELECT 1'")[:2], "gate.planted() may be executed by everybody"),
        (planted(f"sql {PINNED} AS 'SELECT 1'", "ALTER FUNCTION gate.planted() OWNER TO amana_owner"),
         "gate.planted() belongs to amana_owner"),
        (planted(f"sql {PINNED} AS 'SELECT 1'", "ALTER FUNCTION gate.planted() OWNER TO postgres"),
         "gate.planted() belongs to postgres"),
        (planted(f"sql {PINNED} AS 'SELECT 1'", "GRANT EXECUTE ON FUNCTION gate.planted() TO amana_publisher"),
         "gate.planted() may be executed by amana_publisher"),
        (("GRANT EXECUTE ON FUNCTION gate.judge TO amana_app",),
         "gate.judge(bigint[],integer,smallint,smallint,smallint,bigint[],timestamp with time zone)"
         " may be executed by amana_app"),
        (("CREATE FUNCTION public.planted() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",),
         "planted() belongs to postgres"),
        (planted(f"sql {PINNED} AS 'SELECT count(*) FROM vault.person, term'".replace("vault.person, term", "pg_class"),
                 "CREATE OR REPLACE FUNCTION gate.planted() RETURNS bigint LANGUAGE plpgsql "
                 f"{PINNED} AS 'BEGIN RETURN (SELECT count(*) FROM suppression); END'"),
         "gate.planted() names suppression"),
        (planted(f"plpgsql {PINNED} AS 'BEGIN RETURN journal_lock(); END'"), "gate.planted() calls journal_lock"),
        (planted(f"plpgsql {PINNED} AS 'BEGIN RETURN extract(year FROM now()); END'"),
         "gate.planted() asks for the time of its transaction"),
        (("GRANT SELECT ON vault.key TO amana_app",), "amana_app has SELECT on vault.key"),
        (("GRANT SELECT (value) ON vault.fact TO amana_app",), "amana_app has SELECT on vault.fact"),
        (("GRANT DELETE ON consent.decision TO PUBLIC",), "amana_app has UPDATE on consent.decision"),
        (("GRANT USAGE ON SEQUENCE uses.call_number TO amana_app",), "amana_app has USAGE on uses.call_number"),
        (("CREATE VIEW gate.planted AS SELECT 1 AS one", "GRANT SELECT ON gate.planted TO amana_app"),
         "amana_app has SELECT on gate.planted"),
        (("GRANT TEMP ON DATABASE {database} TO amana_app",), "amana_app may TEMP in the database"),
        (("GRANT CREATE ON DATABASE {database} TO PUBLIC",), "amana_app may CREATE in the database"),
        (("GRANT CREATE ON SCHEMA public TO amana_app",), "amana_app may CREATE in public"),
        (("GRANT CREATE ON SCHEMA gate TO amana_definer",), "amana_definer may CREATE in gate"),
        (("GRANT amana_definer TO amana_app",), "amana_app is a member of amana_definer"),
        (("GRANT pg_read_all_data TO amana_app",), "amana_app is a member of pg_read_all_data"),
        (("ALTER ROLE amana_definer LOGIN",), "amana_definer may sign in"),
        (("ALTER ROLE amana_app BYPASSRLS",), "amana_app is more than a login"),
        (("ALTER DEFAULT PRIVILEGES FOR ROLE amana_owner IN SCHEMA vault GRANT SELECT ON TABLES TO amana_app",),
         "new rows of grants for amana_app in vault"),
    ],
)  # fmt: skip
def test_a_planted_breach_is_seen(
    superuser_connection: Connection, database_name: str, statements: tuple[str, ...], breach: str
) -> None:
    with superuser_connection.transaction(force_rollback=True):
        for statement in statements:
            superuser_connection.execute(statement.replace("{database}", database_name))
        bare = {"names", "calls", "asks"} & set(breach.split())
        assert breach in (catalogue.bare_names if bare else catalogue.open_doors)(superuser_connection)
