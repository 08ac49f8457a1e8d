"""The pages of themes, demand and what is kept back: who may open them, what they hide, and how they look."""

import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from amana.kernel import clock
from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.models import Candidate, Theme
from amana.surveys.reading import keeping_back, panel, pictures
from amana.surveys.reading.asked import Asked
from amana.surveys.reading.seasons import season
from amana.surveys.reading.shown import Reader
from tests.surveys.reading import counted, drawn
from tests.surveys.reading.conftest import FEEDBACK, SignedIn, Visitors
from tests.web import browser as window

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SHOTS = os.environ.get("AMANA_TEST_SHOTS")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the pages."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def about(theme: str, shop: int, answers: int, *, sentiment: int = -1) -> None:
    """Make up answers about one theme."""
    Theme.objects.bulk_create(
        Theme(
            response=UUID(int=number + hash((theme, shop)) % 10**9 * 1000), customer=UUID(int=number), survey=1,
            shop=shop, question="why", day=clock.now().date(), language="en", theme=theme, sentiment=sentiment,
            mixing=number,
        )
        for number in range(answers)
    )  # fmt: skip


def figures(page: str) -> dict[str, list[str]]:
    """Return the figures of a page's table by the name of the row."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</tr>", page, re.S):
        name = re.search(r"<bdi>(.*?)</bdi>", row)
        cells = [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td class=\"num\">(.*?)</td>", row)]
        found[name[1] if name else ""] = cells
    return found


def test_u3_small_groups_are_hidden_and_counts_rounded(visitors: Visitors, signed_in: SignedIn) -> None:
    shop = visitors.shops[0]
    about("waiting", shop, 23)
    about("parking", shop, 9)
    found = figures(signed_in("analyst").get("/en/console/themes").content.decode())
    assert list(found) == ["Waiting and checkout"]
    assert found["Waiting and checkout"][0] in ("20", "25")
    assert found["Waiting and checkout"][1] == "&lt;10"


def test_one_surveys_themes_stand_beside_its_results(visitors: Visitors) -> None:
    about("waiting", visitors.shops[0], 12)
    today = clock.now().date()
    whole = Asked(today, today, None, None, None, None, "")
    rows = panel.themes(1, whole, Reader("en", "AE")).rows
    assert [(row.code, row.counts[0] in (10, 15)) for row in rows] == [("waiting", True)]
    assert panel.themes(2, whole, Reader("en", "AE")).rows == ()


def test_a_shops_manager_sees_their_shops_alone(visitors: Visitors, signed_in: SignedIn) -> None:
    mine, other = visitors.shops[:2]
    about("waiting", mine, 20)
    about("quality", other, 20)
    client = signed_in("shop_manager", [mine])
    page = client.get(f"/en/console/themes?shop={other}").content.decode()
    assert list(figures(page)) == ["Waiting and checkout"]


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("themes", {"analyst", "marketing", "shop_manager", "service"}),
        ("demand", {"analyst", "marketing"}),
        ("kept-back", {"data_protection_officer"}),
    ],
)
def test_each_page_opens_for_its_roles(
    visitors: Visitors, signed_in: SignedIn, path: str, roles: set[str]
) -> None:
    everybody = (
        "analyst", "marketing", "shop_manager", "service", "data_protection_officer", "administrator", "auditor",
    )  # fmt: skip
    allowed = {role for role in everybody if signed_in(role).get(f"/en/console/{path}").status_code == 200}
    assert allowed == roles


def test_c4_single_answers_open_through_the_gate_and_their_writers_see_it(
    visitors: Visitors, signed_in: SignedIn
) -> None:
    visitors.write("The queue was too long <script>alert(1)</script>", FEEDBACK)
    visitors.read()
    assert signed_in("marketing").post("/en/console/themes/answers", {"theme": "waiting"}).status_code == 403
    page = signed_in("analyst").post("/en/console/themes/answers", {"theme": "waiting"}).content.decode()
    assert "The queue was too long &lt;script&gt;" in page
    assert visitors.world.owner.execute(
        "SELECT count(*) FROM uses.call c JOIN uses.task t ON t.id = c.task WHERE t.ref = 'surveys:theme-waiting'"
    ).fetchone() == (1,)


def test_u4_demand_is_handed_over_as_a_file(visitors: Visitors, signed_in: SignedIn) -> None:
    for _ in range(12):
        visitors.choose({"disliked": ["queue", "nothing"], "size": "xl", "liked": ["quality"]})
    visitors.choose({"size": "no"})
    client = signed_in("analyst")
    text = client.get("/en/console/demand/size.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert (rows[1], rows[2][0], len(rows)) == (["Size", "Answers"], "XL", 3)
    assert rows[2][1] in ("10", "15")
    book = openpyxl.load_workbook(io.BytesIO(client.get("/ar/console/demand/dislike.xlsx").content))
    sheet = book.active
    assert sheet is not None
    assert (sheet["A3"].value, sheet.sheet_view.rightToLeft) == ("الانتظار والمحاسبة", True)
    assert client.get("/en/console/demand/everything.csv").status_code == 404


def test_demand_is_seen_by_season(visitors: Visitors, signed_in: SignedIn) -> None:
    for _ in range(12):
        visitors.choose({"size": "xl"})
    client = signed_in("marketing")
    now = season(clock.now().date())
    assert list(figures(client.get(f"/en/console/demand?about=size&season={now}").content.decode())) == ["XL"]
    other = "ramadan" if now != "ramadan" else "summer"
    assert figures(client.get(f"/en/console/demand?about=size&season={other}").content.decode()) == {}


def test_the_officer_opens_frees_and_deletes(visitors: Visitors, signed_in: SignedIn) -> None:
    for text in ("My mother has diabetes", "I was fasting and the queue was long"):
        visitors.write(text, FEEDBACK)
    visitors.read()
    officer = signed_in("data_protection_officer")
    first, second = Candidate.objects.order_by("id").values_list("id", flat=True)
    page = officer.get("/en/console/kept-back").content.decode()
    assert "diabetes" not in page
    assert "diabetes" in officer.post(f"/en/console/kept-back/{first}/open").content.decode()
    officer.post(f"/en/console/kept-back/{first}/free")
    officer.post(f"/en/console/kept-back/{second}/delete")
    assert list(Candidate.objects.order_by("id").values_list("state", flat=True)) == ["released", "purged"]
    assert officer.post(f"/en/console/kept-back/{first}/open").status_code == 409


def test_whoever_reads_an_answer_may_have_it_kept_back(visitors: Visitors, signed_in: SignedIn) -> None:
    taken = visitors.write("The queue was too long and my leg is in plaster", FEEDBACK)
    visitors.read()
    Candidate.objects.all().delete()
    asked = {"field": "opinion", "kind": "health"}
    elsewhere = signed_in("shop_manager", [visitors.shops[5]])
    assert elsewhere.post(f"/en/console/kept-back/{taken.id}", asked).status_code == 404
    assert signed_in("analyst").post(f"/en/console/kept-back/{taken.id}", asked).status_code == 302
    assert list(Candidate.objects.values_list("kind", "state")) == [("health", "found")]


@pytest.mark.browser
@pytest.mark.parametrize("view", window.SOME_VIEWS[:2], ids=str)
def test_c4_the_officer_sees_why_a_photo_is_kept_back_and_the_photo(
    browser: Browser, live_server: LiveServer, visitors: Visitors, signed_in: SignedIn, view: window.View
) -> None:
    taken = visitors.write("See the photo", FEEDBACK, photo=drawn.sent(drawn.a_face))
    keeping_back.hold_at_once([taken], field="receipt_photo", kind=pictures.KIND)
    context = browser.new_context(viewport={"width": view.width, "height": view.height})
    token = signed_in("data_protection_officer").cookies[SESSION_COOKIE].value
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page, wrong = context.new_page(), list[object]()
    page.on("console", lambda said: wrong.extend([said.text] if said.type == "error" else []))
    page.goto(f"{live_server.url}/{view.language}/console/kept-back")
    why = {"ar": "صورة لا تبدو فاتورة", "en": "A photo that does not look like a receipt"}[view.language]
    assert page.locator("article b").all_inner_texts() == [why]
    page.locator("article form button").click()
    page.wait_for_url("**/open")
    assert page.locator("main h1").inner_text() == why
    assert page.locator("main img").evaluate("one => one.naturalWidth") >= 600
    wrong += fit(page, f"reading-photo-{view}")
    context.close()
    assert wrong == []


def fit(page: Page, name: str) -> list[object]:
    """Keep a picture, and return what is wrong with the page."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    found = (window.violations(page), window.overflow(page), window.small_targets(page))
    return [] if found == ([], 0, []) else [name, *found]


@pytest.mark.browser
@pytest.mark.parametrize("view", window.SOME_VIEWS, ids=str)
def test_every_page_is_fit_to_use(
    browser: Browser, live_server: LiveServer, visitors: Visitors, signed_in: SignedIn, view: window.View
) -> None:
    counted.themes(visitors.shops)
    counted.signals(visitors.shops)
    counted.settled(visitors.shops[0])
    for text in ("The queue was too long. My mother has diabetes", "طابور طويل والكاشير خالد كان بطيء"):
        visitors.write(text, FEEDBACK, language="ar" if text[0] > "z" else "en")
    visitors.write("The queue was too long but the staff were kind", FEEDBACK)
    visitors.read()
    pages = {
        "analyst": ["themes?days=365", "themes?theme=waiting&days=365", "themes/how", "demand?days=365",
                    "demand?days=365&about=size", "demand?days=365&item=abaya", "themes?days=30&language=en&shop=1"],
        "data_protection_officer": ["kept-back"],
    }  # fmt: skip
    wrong: list[object] = []
    for role, paths in pages.items():
        context = browser.new_context(
            viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme, reduced_motion="reduce",
        )  # fmt: skip
        token = signed_in(role).cookies[SESSION_COOKIE].value
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
        page = context.new_page()
        for number, path in enumerate(paths):
            page.goto(f"{live_server.url}/{view.language}/console/{path}")
            wrong += fit(page, f"reading-{role}-{number}-{view}")
        if role == "analyst":
            page.goto(f"{live_server.url}/{view.language}/console/themes?theme=waiting&days=30")
            page.locator("form[method=post] button.btn:has(svg)").last.click()
            page.wait_for_url("**/answers")
            wrong += fit(page, f"reading-texts-{view}")
        else:
            page.locator("article form button").first.click()
            page.wait_for_url("**/open")
            wrong += fit(page, f"reading-open-{view}")
        context.close()
    assert not wrong, "\n".join(map(str, wrong))
