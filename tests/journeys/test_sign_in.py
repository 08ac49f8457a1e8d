"""A shopper signs in from the shop: her browser is linked from then on, and what was before only if she says so."""

import psycopg
import pytest

from tests.journeys.leak import superuser
from tests.journeys.story import Story

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
WORDS = {
    "save": "حفظ اختياراتي",
    "sign in": "تسجيل الدخول",
    "my page": "صفحتي",
    "before": "ربط ما تصفّحته في هذا المتصفح قبل دخولي أيضًا",
    "back": "العودة إلى الموقع",
    "sign out": "تسجيل الخروج",
    "unlink": "فك ربط هذا المتصفح",
}


def linked(story: Story) -> list[tuple[str, str, bool]]:
    """Return purpose, maker and whether everything counts (or only what came after) of each standing link."""
    with psycopg.connect(**superuser(story.place.home), dbname="amana") as connection:
        rows = connection.execute(
            "SELECT i.purpose, e.made_by, i.starts_at IS NULL FROM customers_identity i"
            " JOIN customers_edge e ON e.id = i.edge WHERE e.made_by = 'sign_in' ORDER BY 1"
        ).fetchall()
    return [(purpose, maker, whole) for purpose, maker, whole in rows]


def confirm(story: Story) -> None:
    """Let her answer a survey and confirm her address."""
    she, told = story.shopper, story.told
    she.open(f"/{story.language}/survey/deira", "survey")
    page = she.page
    page.locator("html[data-taking=ready]").wait_for()
    page.locator("[name='q.overall'][value='4']").check(force=True)
    for called in ("came-for", "words", "about-you"):
        she.go_on(called)
    page.fill("[name='q.contact.name']", told.name)
    page.fill("[name='q.contact.email']", told.email)
    page.fill("[name='q.contact.birth_date']", told.born)
    page.locator("form.asked button[type=submit]").click()
    page.locator(f'a[href*="/{story.language}/r/"]').wait_for(timeout=60_000)
    she.look("thanks")
    she.open(story.link(story.await_mail("/c/"), "c", "mail-confirm"), "confirm")
    she.press(she.page.locator("main form button"), "confirmed")


def browse(story: Story) -> None:
    """Let her allow everything the shop asks for, and look around."""
    she = story.shopper
    she.open(f"/shop/{story.language}/", "shop")
    for box in she.page.locator("#consent input[type=checkbox]").all():
        box.check(force=True)
    she.page.get_by_role("button", name=WORDS["save"]).click()
    she.open(f"/shop/{story.language}/women/dress", "dress")


def sign_in(story: Story) -> None:
    """Let her sign in by the link in her mail; she comes back to where she was."""
    she = story.shopper
    before = she.page.url
    she.press(she.page.get_by_role("link", name=WORDS["sign in"]), "sign-in")
    she.page.fill("[name=email]", story.told.email)
    she.press(she.page.locator("main form button[type=submit]"), "sign-in-sent")
    url = story.link(story.await_mail("/s/"), "s", "mail-sign-in")
    story.look_twice(url, "enter")
    assert she.page.get_by_role("checkbox", name=WORDS["before"]).is_checked() is False
    she.press(she.page.locator("main form button[type=submit]"), "back-in-the-shop")
    assert she.page.url == before


@pytest.mark.parametrize("story", ["ar"], indirect=True)
def test_c2_signing_in_links_a_browser_from_then_on_and_before_only_if_allowed(story: Story) -> None:
    she = story.shopper
    confirm(story)
    browse(story)
    assert linked(story) == []
    sign_in(story)
    from_now_on = [(purpose, "sign_in", False) for purpose in ("content", "product_fit")]
    story.wait(lambda: linked(story) == from_now_on)

    she.press(she.page.get_by_role("link", name=WORDS["my page"]), "my-page")
    assert she.page.get_by_role("button", name=WORDS["unlink"]).count() == 1
    she.page.get_by_role("checkbox", name=WORDS["before"]).check(force=True)
    she.press(she.page.get_by_role("button", name=WORDS["back"]), "back-with-all")
    whole = [(purpose, "sign_in", True) for purpose in ("content", "product_fit")]
    story.wait(lambda: linked(story) == whole)

    she.press(she.page.get_by_role("link", name=WORDS["my page"]), "my-page-with-all")
    she.press(she.page.get_by_role("button", name=WORDS["sign out"]), "signed-out")
    she.open(f"/shop/{story.language}/", "shop-signed-out")
    assert she.page.get_by_role("link", name=WORDS["sign in"]).count() == 1
