"""The demo's made-up answers fill the page."""

from pathlib import Path

import pytest

from amana.cli import answering
from tests.surveys.reading.conftest import SignedIn
from tests.surveys.results.conftest import Answered


@pytest.mark.parametrize("answers", [400, 4_000])
def test_the_demos_answers_fill_the_page(
    answered: Answered, signed_in: SignedIn, tmp_path: Path, answers: int
) -> None:
    answering.seed(tmp_path, answers=answers)
    page = signed_in("analyst").get(f"/en/console/surveys/{answered.version.survey_id}/results")
    assert page.content.decode().count('class="card figure"') == 3
