"""A demo of its own for each language, whose story is then lived through step by step."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.deployment import deployment
from tests.journeys.story import Story
from tests.web.browser import PROGRAM, open_browser

SHOPPERS = 30


@pytest.fixture
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Return a story about to begin, in one language: a running demo and a browser."""
    if not Path(PROGRAM).exists() and not os.environ.get("CI"):
        pytest.skip("Chromium is missing: apt-get install chromium")
    scratch = tmp_path_factory.mktemp("scratch")
    scratch.chmod(0o1777)
    with deployment() as place, open_browser() as browser:
        place.settings = {"TMPDIR": str(scratch)}
        server = place.serve("--shoppers", str(SHOPPERS), "--visits", "2", "--answers", "400", command="demo")
        yield Story(place, request.param, browser, scratch)
        server.terminate()
        server.wait(30)
        if os.environ.get("AMANA_SCREENSHOTS"):
            logs = Path(os.environ["AMANA_SCREENSHOTS"]) / f"logs-{request.param}"
            shutil.copytree(place.home / "logs", logs, dirs_exist_ok=True)
