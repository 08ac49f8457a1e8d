"""Leave out whoever has had as many promotions lately as the published policy allows."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from operator import attrgetter

from amana.campaigns import hours
from amana.campaigns.queries import PURPOSE
from amana.gate import actions as gate
from amana.gate.values import Planned
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.policy import queries as policy
from amana.post import queries as post


def without_tired(people: Sequence[Planned], *, session: str, ref: str) -> list[Planned]:
    """Return the people without those who had enough; where some are left out, the others get a task of their own.

    A task is opened for all its people: one that still named somebody left out would record a use of them.
    """
    tired = _tired()
    if not tired:
        return list(people)
    return [
        one
        for _, group in groupby(people, key=attrgetter("task"))
        for one in _kept(list(group), tired, session, ref)
    ]


def _kept(group: list[Planned], tired: frozenset[CustomerId], session: str, ref: str) -> Iterator[Planned]:
    left = [one.customer for one in group if one.customer not in tired]
    if len(left) == len(group):
        yield from group
    elif left:
        task = gate.plan(session=session, kind="message", purpose=PURPOSE, people=left, ref=ref)
        yield from (Planned(task, customer) for customer in left)


def _tired() -> frozenset[CustomerId]:
    now = clock.now()
    found: frozenset[CustomerId] = frozenset()
    for limit in hours.often(policy.current().policy):
        since = now - timedelta(days=limit.days)
        found |= post.written_to(purpose=PURPOSE, since=since, at_least=limit.most)
    return found
