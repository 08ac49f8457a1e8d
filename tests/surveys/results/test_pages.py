"""The pages and files of results."""

import io
import re
from pathlib import Path

import duckdb
import openpyxl
import pytest
from django.utils import translation

from amana.kernel import clock
from amana.surveys.results import files
from tests.surveys.reading.conftest import SignedIn
from tests.surveys.results.conftest import NOON, Answered

ADDRESS = "/en/console/surveys/{}/results"


@pytest.fixture(autouse=True)
def _then() -> object:
    with clock.fixed(NOON):
        yield


def test_an_empty_survey_says_what_to_expect(answered: Answered, signed_in: SignedIn) -> None:
    answer = signed_in("analyst").get(ADDRESS.format(answered.version.survey_id))
    assert answer.status_code == 200
    assert "No answers in this period" in answer.content.decode()


def test_a_score_stands_side_by_side_by_the_way_people_answered(
    answered: Answered, signed_in: SignedIn
) -> None:
    answered.take(*({"recommend": 9} for _ in range(20)))
    answered.take(*({"recommend": 2} for _ in range(20)), way="qr")
    answered.take(*({"recommend": 2} for _ in range(10)), {"recommend": 3}, way="link")
    address = ADDRESS.format(answered.version.survey_id)
    page = signed_in("analyst").get(f"{address}?by=-way&measure=recommend").content.decode()
    shown = re.findall(r'<th scope="row"><bdi>(Tablet in the shop|QR code in the shop|By link)</bdi>', page)
    assert (page.count('<option value="-way" selected>'), sorted(shown)) == (
        1,
        ["By link", "QR code in the shop", "Tablet in the shop"],
    )


@pytest.mark.parametrize("language", ["ar", "en"])
def test_u3_the_page_shows_scores_and_groups(answered: Answered, signed_in: SignedIn, language: str) -> None:
    answered.many(300)
    address = ADDRESS.format(answered.version.survey_id).replace("/en/", f"/{language}/")
    answer = signed_in("marketing").get(f"{address}?by=age&measure=recommend")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="card figure"') == 3
    assert page.count('<tr><th scope="row"><bdi>') >= 4


def test_p2_a_manager_sees_only_the_own_shop(answered: Answered, signed_in: SignedIn) -> None:
    answered.take(*({"overall": 5} for _ in range(20)), shop=0)
    answered.take(*({"overall": 1} for _ in range(20)), shop=1)
    own = signed_in("shop_manager", shops=[answered.shops[0]])
    address = ADDRESS.format(answered.version.survey_id)
    rows = own.get(f"{address}.csv?shop={answered.shops[1]}").content.decode("utf-8-sig").splitlines()
    counts = {row.split(",")[4]: row.split(",")[5] for row in rows[1:]}
    assert (counts["Wonderful"], counts["Very bad"]) == ("20", "")


@pytest.mark.parametrize("role", ["service", "administrator", "auditor"])
def test_p2_others_do_not_read_results(answered: Answered, signed_in: SignedIn, role: str) -> None:
    assert signed_in(role).get(ADDRESS.format(answered.version.survey_id)).status_code == 403


def test_the_three_files_say_the_same(answered: Answered, signed_in: SignedIn, tmp_path: Path) -> None:
    answered.many(120)
    browser, address = signed_in("analyst"), ADDRESS.format(answered.version.survey_id)
    lines = browser.get(f"{address}.csv").content.decode("utf-8-sig").splitlines()
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}.xlsx").content)).active
    assert sheet is not None
    place = tmp_path / "results.parquet"
    place.write_bytes(browser.get(f"{address}.parquet").content)
    kept = duckdb.execute("SELECT question, answer, answers FROM read_parquet(?)", [str(place)]).fetchall()
    assert len(lines) - 1 == sheet.max_row - 1 == len(kept)
    assert all(count is None or count % 5 == 0 for _, _, count in kept)


def test_an_arabic_workbook_reads_from_right_to_left() -> None:
    with translation.override("ar"):
        sheet = openpyxl.load_workbook(io.BytesIO(files.as_xlsx([], "ar"))).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft is True
