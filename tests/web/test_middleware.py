"""Answers when something is refused or away."""

import pytest
from django.test import Client

from tests.database import Connection, connect

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_connection_lost_between_requests_is_taken_up_again(superuser_connection: Connection) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/healthz").status_code == 200
    superuser_connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'amana_app'"
    )
    first, second = client.get("/healthz"), client.get("/healthz")
    assert [first.status_code, second.status_code] == [200, 200]


def test_a_database_that_is_away_is_a_503_at_every_kind_of_address_and_heals(database_name: str) -> None:
    client = Client(raise_request_exception=False)
    # From another database: nobody may close the one they are in.
    with connect("postgres", database="postgres") as superuser:
        superuser.execute(f"ALTER DATABASE {database_name} ALLOW_CONNECTIONS false")
        try:
            superuser.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [database_name],
            )
            away = [client.get(address) for address in ("/healthz", "/en/privacy", "/ar/console/")]
        finally:
            superuser.execute(f"ALTER DATABASE {database_name} ALLOW_CONNECTIONS true")
    assert [answer.status_code for answer in away] == [503, 503, 503]
    assert [answer.headers["Retry-After"] for answer in away] == ["5", "5", "5"]
    assert client.get("/healthz").status_code == 200


def test_without_a_policy_the_notice_is_refused_in_the_readers_language() -> None:
    answer = Client().get("/en/privacy", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "policy_not_published")


def test_console_leads_to_the_sign_in_page() -> None:
    answer = Client().get("/ar/console/")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/ar/console/sign-in?next=%2Far%2Fconsole%2F",
    )


def test_a_fragment_is_told_to_leave_its_page() -> None:
    answer = Client().get("/ar/console/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/ar/console/sign-in")


def test_p1_every_answer_carries_strict_headers() -> None:
    headers = Client().get("/healthz").headers
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert "default-src 'none'" in [part.strip() for part in headers["Content-Security-Policy"].split(";")]
