"""Whoever objects to surveys is not counted any more."""

from typing import Any

from django.db import connection

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.surveys.models import Response, Signal
from amana.surveys.taking import objections
from tests.surveys.taking.test_pages import send
from tests.world import World

LIKED: Any = {"q.liked": "staff"}


def counted() -> int:
    """Return how many responses the counts hold, or wait to be counted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(answers), 0) FROM public.surveys_count WHERE question = ''")
        [total] = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM public.surveys_held WHERE counted_on IS NULL AND NOT left_out")
        [waiting] = cursor.fetchone()
    return int(total + waiting)


def test_r5_an_objection_to_surveys_takes_answers_out_of_the_counts(surveys: World) -> None:
    send(**LIKED)
    send(**{"q.contact.email": "layla@mail.example", **LIKED})
    first, second = Response.objects.order_by("taken_at").values_list("customer", flat=True)
    assert (objections.honour(), counted()) == (0, 2)
    assert first is not None
    session = surveys.session("system")
    task = gate.plan(
        session=session, kind="conversation", purpose="service", people=[CustomerId(first)], ref="x:1"
    )
    gate.decide_for(
        session=session, task=task, purpose="feedback", channel=None, kind="objected", language="ar"
    )
    assert (objections.honour(), objections.honour(), counted()) == (1, 0, 1)
    [left] = Response.objects.all()
    assert left.customer == second
    assert set(Signal.objects.values_list("response", flat=True)) == {left.pk}
