"""The loop in a browser: every page in both languages, and a case from its badge to the reply taken back."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from amana.retailer import queries as retailer
from amana.retailer.guard import SESSION_COOKIE
from amana.surveys.definition.document import Text
from amana.surveys.loop import actions, improvements, replies
from amana.surveys.models import Case, Reply
from tests.surveys.loop.conftest import ANNOYED, CROSS, USE, WRITE, Loop
from tests.surveys.reading import drawn
from tests.web import browser as window
from tests.web.browser import SOME_VIEWS, View

NOOR = "noor@mail.example"
SHOTS = os.environ.get("KEEP_PICTURES", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return one browser for all the views."""
    # Playwright runs a loop in this thread; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with window.open_browser() as opened:
        yield opened
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def signed_in(browser: Browser, loop: Loop, live_server: LiveServer, view: View) -> BrowserContext:
    """Return the manager's browser."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(8_000)
    context.add_cookies([{"name": SESSION_COOKIE, "value": loop.staff().token, "url": live_server.url}])
    return context


def busy(loop: Loop) -> Case:
    """Fill a shop's day; return the case that is the manager's own."""
    manager = loop.staff()
    loop.answer(CROSS, USE, text="Loud", language="ar")
    loop.answer(ANNOYED, USE, WRITE, text="Late", email="huda@mail.example")
    case = loop.case(
        USE, WRITE, text="انتظرت عشرين دقيقة عند الصندوق.", photo=drawn.sent(drawn.at_an_angle), email=NOOR,
        language="ar",
    )  # fmt: skip
    loop.tell()
    Case.objects.exclude(pk=case.pk).update(owner=None)
    actions.take_over(staff=manager, case=case.pk)
    actions.note(staff=manager, case=case.pk, text="The second till was broken that evening.")
    text = Text(
        ar="فتحنا صندوقًا ثانيًا من السادسة مساءً.", en="We opened a second till from six in the evening."
    )
    improvements.publish(
        staff=manager, note=improvements.write(staff=manager, shop=retailer.shops()[0].id, text=text)
    )
    improvements.write(staff=manager, shop=retailer.shops()[0].id, text=Text(ar="غرف قياس أوسع.", en=""))
    return case


def look(page: Page, name: str, view: View) -> list[str]:
    """Return what is wrong with a page; keep a picture where one is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{view}.png", full_page=True)
    wide = window.overflow(page)
    return [
        *(f"{name}: {one}" for one in window.violations(page)),
        *(f"{name}: small {one}" for one in window.small_targets(page)),
        *([f"{name}: {wide} px too wide"] if wide else []),
    ]


@pytest.mark.parametrize("view", SOME_VIEWS, ids=str)
def test_the_pages_are_fit_to_use(loop: Loop, live_server: LiveServer, browser: Browser, view: View) -> None:
    case = busy(loop)
    context = signed_in(browser, loop, live_server, view)
    page, wrong, console = context.new_page(), [], f"{live_server.url}/{view.language}/console"
    page.on("console", lambda said: wrong.extend([said.text] if said.type == "error" else []))
    for name, path in (
        ("cases", "cases"),
        ("my-shop", "my-shop"),
        ("notes", "changes"),
        ("case", f"cases/{case.pk}"),
    ):
        page.goto(f"{console}/{path}")
        page.locator(".rail .tag").first.wait_for()
        wrong += look(page, name, view)
    page.locator("form[action$='photo#photo'] button").click()
    expect(page.locator("#photo ~ img")).to_have_js_property("complete", True)
    # What the policy of the page forbids to show has no width.
    assert page.locator("#photo ~ img").evaluate("one => one.naturalWidth") >= 600
    wrong += look(page, "case-photo", view)
    page.locator("form[action$='words#words'] button").click()
    page.locator("#words ~ dl, #words + dl").first.wait_for()
    page.locator("#reply .btn.small").first.click()
    expect(page.locator("#reply-text")).not_to_have_value("")
    page.locator("#reply-text").fill("مرحبًا {name}،\n\nفتحنا صندوقًا ثانيًا.")
    page.locator("#reply button.quiet").click()
    page.locator("#preview section").wait_for()
    wrong += look(page, "case-open", view)
    page.locator("#reply form button:not(.quiet)").click()
    page.locator("#replies button").wait_for()
    wrong += look(page, "case-sent", view)
    page.goto(f"{live_server.url}/{view.language}/changes/{retailer.shops()[0].slug}")
    wrong += look(page, "changes", view)
    context.close()
    assert not wrong, "\n".join(wrong)


def test_u3_a_case_appears_on_the_open_page_and_a_reply_is_taken_back(
    loop: Loop, live_server: LiveServer, browser: Browser
) -> None:
    view = SOME_VIEWS[2]
    context = signed_in(browser, loop, live_server, view)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/console/cases")
    case = loop.case(WRITE, text="Late", email=NOOR)
    page.goto(f"{live_server.url}/en/console/cases")
    page.locator(".rail .tag.asks").wait_for()
    # By the keyboard alone.
    page.locator(f"a[href$='{case.pk}']").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take over").focus()
    page.keyboard.press("Enter")
    page.locator("#reply-text").fill("We are sorry.")
    page.get_by_role("button", name="Send the reply").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Take it back").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The reply did not leave").wait_for()
    assert page.locator("#reply-text").input_value() == "We are sorry."
    page.get_by_role("button", name="Send the reply").click()
    page.get_by_role("button", name="Take it back").wait_for()
    Reply.objects.filter(state="waiting").update(leaves_at=Reply.objects.get(state="waiting").made_at)
    replies.send_due(loop.carrier)
    page.get_by_text("has not confirmed their address yet").wait_for()
    loop.confirm(case)
    Reply.objects.filter(state="waiting").update(leaves_at=Reply.objects.get(state="waiting").made_at)
    replies.send_due(loop.carrier)
    page.locator("#replies .tag.kept").wait_for()
    context.close()
    assert len(loop.texts_to(NOOR)) == 1
