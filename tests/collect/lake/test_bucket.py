"""The lake in a bucket: a local server that speaks S3's documented API keeps the files."""

import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import duckdb
import pytest
from moto.server import ThreadedMotoServer

from amana.collect.lake import compaction, connection, disclosing, drain, forgetting, health
from amana.collect.lake.compaction import Tidied
from amana.collect.lake.place import place
from amana.collect.lake.spans import Span
from tests.collect.lake.conftest import Look, Put, visit
from tests.database import Connection
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
HER = "aa" * 16
KEY, SECRET = "a-key", "kept to ourselves"


@pytest.fixture
def world(owner_connection: Connection, publisher_connection: Connection) -> World:
    """Return a deployment with the example policy in force."""
    made = World(owner_connection, publisher_connection)
    made.publish()
    return made


@pytest.fixture
def bucket(settings: Any) -> Iterator[Any]:
    """Return a client of an empty bucket that is the place of the lake."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # What an earlier server of this process kept is still there.
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()
    settings.AMANA_LAKE_URL = f"s3://lake/ours?endpoint={host}:{port}&region=me-central-1&style=path&tls=off"
    settings.AMANA_LAKE_KEY_ID, settings.AMANA_LAKE_KEY_SECRET = KEY, SECRET
    client = boto3.client(
        "s3", endpoint_url=f"http://{host}:{port}", region_name="me-central-1",
        aws_access_key_id=KEY, aws_secret_access_key=SECRET,
    )  # fmt: skip
    client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "me-central-1"})
    yield client
    connection.close()
    server.stop()


def objects(bucket: Any) -> dict[str, bytes]:
    """Return what lies in the bucket, by key."""
    found = bucket.list_objects_v2(Bucket="lake").get("Contents", [])
    return {one["Key"]: bucket.get_object(Bucket="lake", Key=one["Key"])["Body"].read() for one in found}


def tables(bucket: Any) -> list[str]:
    """Return the table of each object."""
    return sorted(key.split("/")[2] for key in objects(bucket))


def test_events_are_carried_over_encrypted_and_read_back(bucket: Any, put: Put, look: Look) -> None:
    put(visit(n, trails={"content": HER}) for n in range(40))
    assert drain.drain().events == 40
    kept = objects(bucket)
    assert tables(bucket) == ["events", "seen", "trails"]
    assert {key.split("/")[0] for key in kept} == {"ours"}
    # Encrypted Parquet begins and ends so; what is within is not to be read without the catalogue's key.
    assert {content[:4] for content in kept.values()} == {b"PARE"}
    assert [word for word in (b"Page Viewed", b"/p/7", HER.encode()) if word in b"".join(kept.values())] == []
    assert look("SELECT count(*), min(path) FROM lake.events") == [(40, "/p/0")]
    assert len(disclosing.disclose([Span("content", HER)])) == 40


def test_r3_a_forgotten_person_leaves_the_bucket(bucket: Any, put: Put) -> None:
    put(visit(n, trails={"content": HER}) for n in range(40))
    drain.drain()
    assert forgetting.forget([Span("content", HER)]) == 40
    assert compaction.tidy(grace_minutes=0) == Tidied(0, 1)
    assert tables(bucket) == ["events", "seen"]


def test_small_files_become_few_and_repeats_count_once(bucket: Any, put: Put, look: Look) -> None:
    for number in range(3):
        put([visit(number), visit(0)])
        drain.drain()
    assert tables(bucket) == ["events"] * 3 + ["seen"] * 3
    assert compaction.compact() == 6
    assert compaction.tidy(grace_minutes=0) == Tidied(0, 6)
    assert tables(bucket) == ["events", "seen"]
    assert look("SELECT path FROM lake.events ORDER BY path") == [("/p/0",), ("/p/1",), ("/p/2",)]


def test_a_bucket_that_is_away_loses_nothing(
    bucket: Any, put: Put, look: Look, settings: Any, world: World
) -> None:
    put([visit(1)])
    there = settings.AMANA_LAKE_URL
    settings.AMANA_LAKE_URL = there.replace("s3://lake/", "s3://nothing-there/")
    with pytest.raises(duckdb.Error) as refused:
        drain.drain()
    assert SECRET not in str(refused.value)
    assert health.standing().waiting_bytes > 0
    settings.AMANA_LAKE_URL = there
    assert drain.drain().events == 1
    assert look("SELECT path FROM lake.events") == [("/p/1",)]


def test_the_secret_is_not_shown_by_its_place(bucket: Any) -> None:
    assert (SECRET in repr(place()), SECRET in place().secret) == (False, True)
