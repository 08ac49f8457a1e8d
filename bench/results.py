"""How long the results page of a survey takes over a million responses of a year: all it shows, from request to HTML.

The figure is the middle of some requests; the remark says how long the page takes when it splits a score by the answers
to another question, which counts the responses themselves. The reference is one plain question to the responses: how
many chose each point of the recommendation. Responses are made by the server as a set, and counted as one.
"""

import statistics
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.test import RequestFactory
from django.utils import translation

from amana.cli import django
from amana.retailer import actions
from amana.retailer import queries as retailer
from amana.surveys.builder import seeding
from amana.surveys.models import Version
from amana.surveys.results import console, recounting
from bench import people
from bench.deployment import Connection, connect
from bench.page import BRAND
from bench.result import Result

FEW, MANY = 100_000, 1_000_000
TARGET_MS = 1_000
REQUESTS = 7
FILL = Path(__file__).with_name("results_sql") / "fill.sql"
PLAIN = "SELECT answers ->> 'recommend', count(*) FROM public.surveys_response GROUP BY 1"


def run(full: bool) -> Result:
    """Fill in two steps, a tenth and the whole, and ask for the page after each."""
    with connect("owner") as owner:
        people.open_for_business(owner)
        with django.signed_in("owner"):
            actions.load_brand(BRAND)
        seeding.seed(staff=1, folder=people.POLICY.parent / seeding.FOLDER)
        version = Version.objects.get(survey__slug="visit")
        growth, counted = [], 0.0
        for first, last in ((0, FEW), (FEW, MANY)):
            counted = _fill(owner, version, first, last)
            growth.append((last, _middle(version.survey_id, "")))
        rows = owner.execute("SELECT count(*) FROM public.surveys_count").fetchone() or (0,)
        split = _middle(version.survey_id, "&by=age&measure=recommend")
        began = time.perf_counter()
        owner.execute(PLAIN).fetchall()
        plain = (time.perf_counter() - began) * 1000
    return Result(
        name="results", value=growth[-1][1], unit="ms", reference=plain, ratio=growth[-1][1] / plain,
        target=f"< {TARGET_MS:,}", growth=tuple(growth),
        remark=f"{rows[0]:,} rows of counts; split by another question {split:,.0f} ms; counted in {counted:.0f} s",
    )  # fmt: skip


def _fill(owner: Connection, version: Version, first: int, last: int) -> float:
    """Keep more responses, count all of them anew, and return how many seconds counting took."""
    shops = [shop.id for shop in retailer.shops()]
    given = {"version": version.pk, "survey": version.survey_id, "shops": shops, "first": first, "last": last}
    owner.execute(FILL.read_text("utf-8"), given)
    owner.execute("VACUUM ANALYZE public.surveys_response")
    began = time.perf_counter()
    recounting.recount(version.survey_id)
    took = time.perf_counter() - began
    owner.execute("VACUUM ANALYZE public.surveys_count, public.surveys_held")
    return took


def _middle(survey: int, more: str) -> float:
    """Return the middle of some requests for the page of a whole year, in milliseconds."""
    times = []
    for _ in range(REQUESTS):
        request: Any = RequestFactory().get(f"/?days=365{more}")
        request.staff = SimpleNamespace(shops=None, roles=frozenset({"analyst"}), name=None, language="en")
        began = time.perf_counter()
        with translation.override("en"):
            answer = console.results(request, survey)
        times.append((time.perf_counter() - began) * 1000)
        if b"Net Promoter Score" not in answer.content:
            raise AssertionError("the page shows no score")
    return statistics.median(times)
