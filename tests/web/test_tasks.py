"""What a killed worker held is freed; what a living one holds is not."""

import pytest
from django.db import connection

from amana.web import tasks

pytestmark = pytest.mark.django_db(transaction=True)


def _worker(age_seconds: int) -> int:
    """Let a worker have said so long ago that it lives, and return its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))"
            " RETURNING id",
            [age_seconds],
        )
        number: int = cursor.fetchone()[0]
    return number


def _job(name: str, worker: int | None) -> None:
    """Let a worker be at a job that holds a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status, worker_id)"
            " VALUES ('lake', %s, %s, 'doing', %s)",
            [name, name, worker],
        )


def test_jobs_of_dead_workers_end_and_let_go_of_their_locks() -> None:
    _job("of a worker that lives", _worker(1))
    _job("of a worker that died", _worker(60))
    _job("of a worker nobody knows any more", None)
    tasks.free_jobs()
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status FROM procrastinate_jobs ORDER BY id")
        assert cursor.fetchall() == [
            ("of a worker that lives", "doing"),
            ("of a worker that died", "failed"),
            ("of a worker nobody knows any more", "failed"),
        ]
