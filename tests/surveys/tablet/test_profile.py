"""What a browser writes to its disk while a tablet is used: history, autofill, sessions, databases."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.cli.deployment import Deployment
from tests.surveys.tablet.shop import TABLET, Tablet
from tests.web import browser as eyes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tablet")]

WORDS = "الموظفة سلمى كانت لطيفة جدا"
NAME = "نورة العتيبي"
EMAIL = "noura.otaibi@mail.example"
SECRETS = (
    WORDS,
    NAME,
    EMAIL,
    *(base64.b64encode(text.encode()).decode()[:-4] for text in (WORDS, NAME, EMAIL)),
)


def test_no_browser_learns_what_was_typed(served: Deployment, tmp_path: Path) -> None:
    """Whatever the browser writes to its profile (history, autofill, sessions, databases) holds nothing of it."""
    with sync_playwright() as play:
        context = play.chromium.launch_persistent_context(
            tmp_path,
            executable_path=eyes.PROGRAM,
            args=eyes.FLAGS,
            viewport=TABLET,
            reduced_motion="reduce",
        )
        tablet = Tablet.unpacked(served, context).enrol()
        tablet.answer("ar", WORDS, name=NAME, email=EMAIL)
        tablet.done()
        tablet.page.evaluate("localStorage.setItem('planted', 'a-planted-word')")
        context.close()
    found = set()
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        for text in (*SECRETS, "a-planted-word"):
            if any(text.encode(code) in content for code in ("utf-8", "utf-16-le", "utf-16-be")):
                found.add(text)
    assert found == {"a-planted-word"}
