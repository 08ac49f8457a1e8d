"""A page that holds the browser's evaluator and nothing else."""

from collections.abc import Iterator

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page

from tests.web.browser import open_browser


@pytest.fixture(scope="package")
def page() -> Iterator[Page]:
    """Give a page that holds the browser's evaluator and nothing else."""
    script = finders.find("surveys/logic.js")
    with open_browser() as browser:
        made = browser.new_page()
        made.add_script_tag(path=str(script))
        yield made
