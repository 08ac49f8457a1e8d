"""Quotas: how many answers of one sort have come, so that no more are asked for than are wanted."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

from amana.kernel import clock
from amana.surveys.builder import queries as builder
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.compiling import Form
from amana.surveys.logic import evaluation
from amana.surveys.models import QuotaCount
from amana.surveys.taken import Taken

_ADD: Final = """
    INSERT INTO public.surveys_quotacount AS q (survey, name, count) VALUES (%s, %s, %s)
    ON CONFLICT (survey, name) DO UPDATE SET count = q.count + excluded.count"""


def reached(version: PublishedVersion) -> tuple[str, ...]:
    """Return the names of a survey's quotas that have as many answers as are wanted."""
    wanted = {quota.name: quota.most for quota in version.definition.quotas}
    if not wanted:
        return ()
    counted = dict(QuotaCount.objects.filter(survey=version.survey).values_list("name", "count"))
    return tuple(name for name, most in wanted.items() if counted.get(name, 0) >= most)


def count(taken: Iterable[Taken]) -> None:
    """Count finished answers towards their quotas; call it in the transaction that takes them in.

    What somebody did not finish fills no quota: it would take the place of an answer that is whole.
    """
    added: dict[tuple[int, str], int] = {}
    quotas: dict[int, list[Form]] = {}
    for one in taken:
        if one.version not in quotas:
            quotas[one.version] = builder.get_version(one.version).form.get("quotas", [])
        for quota in quotas[one.version]:
            if quota["when"] is not None and _holds(quota["when"], one):
                key = (one.survey, quota["name"])
                added[key] = added.get(key, 0) + 1
    if added:
        with connection.cursor() as cursor:
            # In one order, so that two batches never wait for each other.
            cursor.executemany(_ADD, [(*key, many) for key, many in sorted(added.items())])


def _holds(tree: list[Any], one: Taken) -> bool:
    day = one.answered_at.astimezone(clock.now().tzinfo).date()
    return evaluation.holds(tree, one.answers, today=day)
