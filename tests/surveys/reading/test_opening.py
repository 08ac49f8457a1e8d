"""Reading words: only of who allows it, only through the gate, and nothing of them is kept but codes."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection

from amana.gate import actions as gate
from amana.gate import queries
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.surveys import holding
from amana.surveys.models import Candidate, Signal, Theme, Waiting
from amana.surveys.reading import letting_go
from tests.surveys.reading.conftest import FEEDBACK, FIT, Visitors, person

pytestmark = pytest.mark.django_db(transaction=True)
EVERYTHING = (Waiting, Theme, Signal, Candidate)


def withdraw(visitors: Visitors, customer: CustomerId, purpose: str) -> None:
    """Withdraw a consent without a channel, as through customer service."""
    session = visitors.world.session("data_protection_officer")
    task = gate.plan(session=session, kind="request", purpose="rights", people=[customer], ref="desk:1")
    gate.decide_for(
        session=session, task=task, purpose=purpose, channel=None, kind="withdrawn", language="en"
    )


def test_u3_words_are_read_of_who_allowed_it_and_of_nobody_else(visitors: Visitors) -> None:
    read = visitors.write("The queue was too long and slow", FEEDBACK)
    visitors.write("The queue was too long and slow")
    assert [one.response for one in Waiting.objects.all()] == [read.id]
    assert visitors.read() == 1
    assert list(Theme.objects.values_list("response", "theme", "sentiment", "question")) == [
        (read.id, "waiting", -1, "why")
    ]
    assert Waiting.objects.count() == 0


def test_several_texts_of_one_answer_are_told_apart(visitors: Visitors) -> None:
    visitors.write(
        {"wanted": "عباية كتان مقاس XL", "why": "الموظفين محترمين بس الأسعار غالية"},
        FEEDBACK,
        FIT,
        language="ar",
    )
    visitors.read()
    assert set(Theme.objects.filter(question="why").values_list("theme", "sentiment")) == {
        ("staff", 1), ("prices", -1),
    }  # fmt: skip
    assert set(Signal.objects.values_list("question", "about", "product", "size", "theme")) == {
        ("wanted", "wanted", "abaya", "", ""), ("wanted", "size", "", "xl", ""),
        ("why", "like", "", "", "staff"), ("why", "dislike", "", "", "prices"),
        *Signal.objects.filter(question="wanted", theme__gt="").values_list(
            "question", "about", "product", "size", "theme"
        ),
    }  # fmt: skip


def test_c4_no_word_is_kept_anywhere(visitors: Visitors) -> None:
    visitors.write("My neighbour Zulaikha waited at the quixotic till", FEEDBACK, FIT)
    visitors.read()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM public."{table}" t WHERE t::text ~* %s', ["quixotic|zulaikha"]
            )
            assert cursor.fetchone() == (0,), table


def test_u4_words_count_for_demand_only_with_its_own_consent(visitors: Visitors) -> None:
    visitors.write("I was looking for white trainers size 42", FEEDBACK)
    visitors.read()
    assert Signal.objects.count() == 0
    taken = visitors.write("I was looking for white trainers size 42", FEEDBACK, FIT)
    visitors.read()
    assert set(Signal.objects.exclude(about__in=["like", "dislike"]).values_list("response", "product", "size")) == {
        (taken.id, "trainers", ""), (taken.id, "", "n42"),
    }  # fmt: skip


def test_whoever_withdrew_before_the_reading_is_left_out(visitors: Visitors) -> None:
    one = visitors.write("The queue was too long and slow", FEEDBACK)
    other = visitors.write("The shop was dirty", FEEDBACK)
    withdraw(visitors, CustomerId(person(one)), "feedback")
    assert visitors.read() == 2
    assert list(Theme.objects.values_list("response", flat=True)) == [other.id]
    assert Waiting.objects.count() == 0


def test_somebody_who_is_gone_keeps_nobody_else_from_being_read(visitors: Visitors) -> None:
    gone = visitors.write("The shop was dirty", FEEDBACK)
    other = visitors.write("The queue was too long and slow", FEEDBACK)
    Waiting.objects.filter(response=gone.id).update(customer=uuid4())
    assert visitors.read() == 2
    assert set(Theme.objects.values_list("response", flat=True)) == {other.id}
    assert Waiting.objects.count() == 0


def test_what_was_read_goes_when_its_person_withdraws(visitors: Visitors) -> None:
    one = visitors.write("I was looking for abayas. The queue was too long and slow", FEEDBACK, FIT)
    other = visitors.write("I was looking for abayas. The queue was too long and slow", FEEDBACK, FIT)
    visitors.read()
    withdraw(visitors, CustomerId(person(one)), "product_fit")
    assert letting_go.let_go() > 0
    assert set(Signal.objects.values_list("response", flat=True)) == {other.id}
    assert set(Theme.objects.values_list("response", flat=True)) == {one.id, other.id}
    withdraw(visitors, CustomerId(person(one)), "feedback")
    letting_go.let_go()
    assert set(Theme.objects.values_list("response", flat=True)) == {other.id}
    assert letting_go.let_go() == 0


def test_r3_erasure_takes_all_that_was_read(visitors: Visitors) -> None:
    one = visitors.write("My mother has diabetes. I was looking for abayas", FEEDBACK, FIT)
    visitors.write("The queue was too long and slow", FEEDBACK)
    visitors.read()
    customer = CustomerId(person(one))
    shown = holding.disclose(customer)
    assert {str(key).split()[0] for key in shown} == {str(one.id), "theme", "wish", "kept"}
    holding.forget(customer)
    assert [model.objects.filter(customer=customer).count() for model in EVERYTHING] == [0, 0, 0, 0]
    assert list(Candidate.objects.values_list("state", "customer")) == [("gone", None)]
    assert set(holding.disclose(customer)) == set()


def test_an_answer_that_is_no_longer_counted_is_dropped_whole(visitors: Visitors) -> None:
    one = visitors.write("I was looking for abayas", FEEDBACK, FIT, answers={"disliked": ["queue"]})
    visitors.read()
    assert letting_go.drop([one.id]) >= 3
    assert [model.objects.count() for model in (Waiting, Theme, Signal)] == [0, 0, 0]


def test_only_the_machine_is_told_who_no_longer_allows_something(visitors: Visitors) -> None:
    one = visitors.write("The shop was dirty", FEEDBACK)
    people = [CustomerId(person(one)), CustomerId(uuid4())]
    with pytest.raises(Refusal, match="role_refused"):
        queries.lapsed(session=visitors.world.session("analyst"), purpose="feedback", people=people)
    machine = visitors.world.session("system")
    assert queries.lapsed(session=machine, purpose="feedback", people=people) == frozenset()
    assert queries.lapsed(session=machine, purpose="product_fit", people=people) == frozenset(people[:1])


def test_what_was_read_ends_with_the_answers(visitors: Visitors) -> None:
    visitors.write("I was looking for abayas", FEEDBACK, FIT)
    visitors.read()
    assert letting_go.end_retention() == 0
    with clock.fixed(clock.now() + dt.timedelta(days=740)):
        assert letting_go.end_retention() > 0
    assert [model.objects.count() for model in (Theme, Signal)] == [0, 0]
