"""Every example of the page "Send events" does what it says, copied as it stands, but for host and keys."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.deployment import Deployment, until
from tests.collect.running.place import counts, make_source, superuser
from tests.collect.tag import website
from tests.collect.tag.conftest import open_offline
from tests.collect.tag.test_running import PERSON, SDK

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("running")]
PAGE = Path(__file__).parents[3] / "docs" / "send-events.md"
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)
RUNNERS = {
    "python": [sys.executable, "-c"],
    "sh": ["bash", "-euc"],
    "mjs": ["node", "--input-type=module", "-e"],
}
IN_PAGES = {"html", "js"}
VIEWED, ADDED = ("Product Viewed", "", ""), ("Product Added", "", "")


def examples(*languages: str) -> list[str]:
    """Return the examples in these languages."""
    return [text for language, text in BLOCKS if language in languages]


def filled(text: str, served: Deployment, source: dict[str, str]) -> str:
    """Put the running server and a source's keys in an example's places."""
    text = text.replace("https://HOST", f"http://127.0.0.1:{served.port}")
    return text.replace("PUBLIC_KEY", source["public"]).replace("SECRET_KEY", source["secret"])


def test_c2_every_example_is_tried() -> None:
    assert {language for language, _ in BLOCKS} == {*RUNNERS, *IN_PAGES}
    assert len(BLOCKS) == 7


@pytest.mark.parametrize(("language", "text"), [block for block in BLOCKS if block[0] in RUNNERS])
def test_c2_an_example_for_servers_does_what_it_says(
    served: Deployment, source: dict[str, str], language: str, text: str
) -> None:
    words = [*RUNNERS[language], filled(text, served, source)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found = counts(served, source["number"])
    if "identify" in text:
        with superuser(served) as session:
            assert session.execute("SELECT count(*) FROM vault.person").fetchone() == (1,)
        assert found == {}
    else:
        assert found == {(ADDED if "Product Added" in text else VIEWED): 1}


@pytest.mark.browser
@pytest.mark.skipif(not SDK.is_dir(), reason="deploy/sdk.sh has not been run")
@pytest.mark.parametrize("language", sorted(IN_PAGES))
def test_c2_an_example_for_pages_does_what_it_says(served: Deployment, language: str) -> None:
    [text] = examples(language)
    with website.running() as (shop, _), open_offline(f"--user-agent={PERSON}") as browser:
        source = make_source(served, shop.origin)
        part = filled(text, served, source)
        if language == "js":
            # Without a bundler the library is a script of its own, and its parts come from beside it.
            first, _, rest = part.partition("\n")
            assert first == 'import { AnalyticsBrowser } from "@segment/analytics-next"'
            part = f"const {{ AnalyticsBrowser }} = AnalyticsNext\n{rest}"
            part = f'<script src="/sdk/index.js"></script><script>{part}</script>'
            shop.scripts = {f"/sdk/{one.name}": one.read_bytes() for one in SDK.glob("*.js")}
        shop.pages["/"] = f'<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>{part}'
        page = browser.new_page(locale="en-GB")
        page.goto(f"{shop.origin}/")
        wanted = {VIEWED, ("Page Viewed", "", "")}
        assert until(lambda: wanted <= set(counts(served, source["number"])), 15)
        assert page.context.cookies() == []
        assert page.evaluate("localStorage.length") == 0


def test_n1_the_privacy_signal_of_a_browser_stops_what_the_policy_lists(
    served: Deployment, source: dict[str, str]
) -> None:
    words = [
        "curl", "--fail-with-body", "-H", "Sec-GPC: 1", f"http://127.0.0.1:{served.port}/v1/track", "-d",
        f'{{"writeKey": "{source["public"]}", "event": "Product Viewed", "anonymousId": "a-1",'
        '"context": {"consent": {"categoryPreferences": {"analytics": true}}}}', "-A", PERSON,
    ]  # fmt: skip
    subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
    assert counts(served, source["number"]) == {VIEWED: 1, ("Product Viewed", "", "gpc"): 1}
