"""What was read of answers enters the pages as the answers do: by whole blocks, and never one after another."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from amana.kernel import clock
from amana.surveys.models import CountedSignal, CountedTheme, Signal, Theme, Waiting
from amana.surveys.reading import figures
from amana.surveys.results import counting
from amana.surveys.taken import Taken
from tests.surveys.results.conftest import NOON, Answered, over

SOMEBODY = UUID(int=1)


def read(taken: Sequence[Taken]) -> None:
    """Write down what was read of answers."""
    for one in taken:
        Theme.objects.create(
            response=one.id, customer=SOMEBODY, survey=one.survey, shop=one.shop, question="why",
            day=one.answered_at.date(), language=one.language, theme="waiting", sentiment=-1, mixing=one.mixing,
        )  # fmt: skip
        Signal.objects.create(
            response=one.id, survey=one.survey, version=one.version, shop=one.shop, question="why",
            day=one.answered_at.date(), language=one.language, about="wanted", product="abaya",
            mixing=one.mixing,
        )  # fmt: skip


def wait(one: Taken) -> None:
    """Let an answer's words wait to be read."""
    Waiting.objects.create(
        response=one.id, customer=SOMEBODY, survey=one.survey, version=one.version, shop=one.shop,
        language=one.language, day=one.answered_at.date(), mixing=one.mixing, since=NOON,
    )  # fmt: skip


def counted() -> tuple[int, int]:
    """Return how many themes and signals pages may count."""
    return CountedTheme.objects.count(), CountedSignal.objects.count()


def test_u4_what_nine_said_is_not_counted_until_there_is_a_tenth(answered: Answered) -> None:
    read(answered.take(*[{"overall": 1}] * 9))
    assert counted() == (0, 0)
    read(answered.take({"overall": 1}))
    assert counted() == (10, 10)


def test_u4_the_last_of_a_block_is_not_read_out_alone(answered: Answered) -> None:
    """Nine were read long ago when the tenth comes: they are shown once all ten are read."""
    read(answered.take(*[{"overall": 1}] * 9))
    last = answered.take({"overall": 1})
    wait(last[0])
    assert counted() == (0, 0)
    read(last)
    Waiting.objects.all().delete()
    assert counted() == (10, 10)


def test_u4_whoever_waits_for_a_block_hides_no_other(answered: Answered) -> None:
    read(answered.take(*[{"overall": 1}] * 10))
    wait(answered.take({"overall": 1})[0])
    assert counted() == (10, 10)


def test_u4_what_is_read_is_counted_where_its_answer_is(
    answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six of one shop and six of another waited too long: they are one block, of no shop and no language."""
    monkeypatch.setattr(clock, "now", lambda: NOON + dt.timedelta(days=20))
    for shop, days in ((0, 2), (1, 1)):
        read(answered.take(*[{"overall": 1}] * 6, shop=shop, at=NOON - dt.timedelta(days=days)))
    counting.pool()
    expected = {(None, "", (NOON - dt.timedelta(days=1)).date())}
    assert set(CountedTheme.objects.values_list("shop", "language", "day")) == expected
    assert set(CountedSignal.objects.values_list("shop", "language", "day")) == expected


def test_u4_whoever_leaves_takes_the_block_along(answered: Answered) -> None:
    taken = answered.take(*[{"overall": 1}] * 12)
    read(taken)
    answered.leave(taken[0])
    Theme.objects.filter(response=taken[0].id).delete()
    Signal.objects.filter(response=taken[0].id).delete()
    assert (counted(), Theme.objects.count()) == ((0, 0), 11)


def test_u4_no_season_parts_a_block(answered: Answered) -> None:
    """Six answered on the last day of autumn and six when the sales began: they are one block of the sales."""
    edge = dt.datetime(2026, 11, 15, 12, tzinfo=dt.UTC)
    read(answered.take(*[{"overall": 1}] * 11, at=edge - dt.timedelta(days=2)))
    read(answered.take(*[{"overall": 1}] * 6, at=edge - dt.timedelta(days=1)))
    read(answered.take(*[{"overall": 1}] * 6, at=edge))
    [item] = figures.demand(over(), "wanted")
    by_season = {line.code: line.counted.answers for line in figures.demand_seasons(over(), "wanted", item)}
    assert {name: _in(name) for name in ("autumn", "november", "winter")} == {
        "autumn": 11,
        "november": 12,
        "winter": 0,
    }
    assert (sorted(by_season), by_season["autumn"] in (10, 15), by_season["november"] in (10, 15)) == (
        ["autumn", "november"], True, True,
    )  # fmt: skip


def _in(season: str) -> int:
    return figures._signals(replace(over(), season=season), "wanted").count()
