"""Under pressure, without a database, and where nobody may be served: 429 or 503, and never a silent loss."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from amana.collect.api import standing
from amana.kernel import groups
from tests.collect.api.sending import BROWSER, Api
from tests.database import Connection


def test_a_deep_queue_asks_to_come_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "MOST_WAITING", -1)
    answer = api.track()
    assert (answer.status, answer.code, answer.headers["retry-after"]) == (429, "event_queue_full", "1")
    assert api.events() == []


def test_a_full_inbox_asks_to_come_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST_INBOX_BYTES", -1)
    api.refresh()
    assert api.track().code == "event_queue_full"


def test_what_the_database_refuses_is_said(api: Api, owner_connection: Connection) -> None:
    owner_connection.execute("ALTER TABLE collect_inbox_0 ADD CONSTRAINT planted CHECK (false)")
    try:
        answer = api.track()
        assert (answer.status, answer.code, answer.headers["retry-after"]) == (503, "event_not_written", "1")
    finally:
        owner_connection.execute("ALTER TABLE collect_inbox_0 DROP CONSTRAINT planted")
    assert (api.track().status, len(api.events())) == (200, 1)
    assert api.counts() == {("Product Viewed", "", ""): 1}


def test_a_lost_connection_is_replaced(api: Api, superuser_connection: Connection) -> None:
    assert api.track().status == 200
    ended = superuser_connection.execute(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = 'amana_app'"
        " AND query LIKE '%collect_write_slot%' AND pid <> pg_backend_pid()"
    ).fetchone()
    assert ended is not None
    assert ended[0] >= 1
    answers = [api.track().status for _ in range(4)]
    assert (answers[-1], set(answers) <= {200, 503}) == (200, True)
    assert len(api.events()) == 1 + answers.count(200)


def test_the_inbox_may_change_over_between_groups(api: Api) -> None:
    for _ in range(3):
        assert api.track().status == 200
        api.app.execute("SELECT collect_change_over()")
        assert api.track().status == 200
        closed = api.app.execute("SELECT 1 - slot FROM collect_slot").fetchone()
        assert closed is not None
        api.app.execute(f"TRUNCATE collect_inbox_{closed[0]}")
    assert api.counts() == {("Product Viewed", "", ""): 6}


def test_many_at_once_share_commits_and_none_is_lost(api: Api) -> None:
    async def all_at_once() -> list[int]:
        body = {"writeKey": api.key, "event": "Time Engaged"}
        sent = [api.sent("/v1/t", {**body, "messageId": f"m-{n}"}) for n in range(300)]
        return [answer.status for answer in await asyncio.gather(*sent)]

    assert api.runner.run(all_at_once()) == [200] * 300
    assert len({kept.key for kept in api.events()}) == 300


def test_r3_nothing_is_taken_in_where_the_erase_journal_was_cut_off(api: Api) -> None:
    mark = Path(configured.AMANA_HOME) / "secrets" / "journal-head"
    mark.write_text(f"1 {'00' * 32}", "ascii")
    try:
        api.refresh()
        answer = api.track()
    finally:
        mark.unlink()
    assert (answer.status, answer.code, api.events()) == (503, "journal_broken", [])
    api.refresh()
    assert api.track().status == 200


def test_what_was_read_too_long_ago_is_not_believed(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "BELIEVED_SECONDS", -1.0)
    answer = api.track()
    assert (answer.status, answer.code) == (503, "event_not_written")


def test_a_new_policy_judges_from_the_next_second_on(api: Api, world: Any) -> None:
    text = Path(__file__).parents[3].joinpath("examples/redtag/policy.yaml").read_text("utf-8")
    assert api.track("Size Guide Opened").status == 200
    start = text.index("    Size Guide Opened:")
    world.publish(text[:start] + text[text.index("    Unavailable Size Chosen:") :])
    api.refresh()
    api.track("Size Guide Opened")
    assert [(kept.event, kept.policy) for kept in api.events()] == [("Size Guide Opened", 1)]
    assert api.counts()[("Size Guide Opened", "", "undeclared_event")] == 1


def test_settings_lead_nowhere_else(api: Api) -> None:
    answer = api.request("GET", f"/v1/projects/{api.key}/settings", headers=BROWSER)
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (200, "*")
    told = answer.json
    assert told["metrics"]["sampleRate"] == 0
    assert list(told["integrations"]) == ["Segment.io"]
    host = configured.AMANA_PUBLIC_URL.partition("://")[2]
    assert told["integrations"]["Segment.io"]["apiHost"] == f"{host}/v1"
    assert told["plan"]["track"]["__default"]["enabled"] is False
    assert "Product Viewed" in told["plan"]["track"]
    assert told["consentSettings"] == {"allCategories": ["analytics", "personalisation"]}
    unknown = api.request("GET", "/v1/projects/nobody/settings")
    assert (unknown.status, unknown.code) == (401, "event_key_unknown")
