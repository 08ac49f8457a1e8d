"""The pages of cases, notes and a manager's day: who sees them, what stands there, what their buttons do."""

import pytest
from django.test import Client

from amana.retailer import queries as retailer
from amana.surveys.loop import actions
from amana.surveys.models import Case, CaseStep, Improvement, Reply
from tests.surveys.loop.conftest import USE, WRITE, Loop

NOOR = "noor@mail.example"
TEXT = "Hello {name},\n\nWe opened a second till."


def page(client: Client, path: str, language: str = "en", status: int = 200) -> str:
    """Return a page of the console."""
    answer = client.get(f"/{language}/console/{path}")
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def press(client: Client, path: str, status: int = 302, **given: str) -> str:
    """Press a button."""
    answer = client.post(f"/en/console/{path}", given)
    assert answer.status_code == status, answer.content.decode()[:800]
    return answer.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_u3_empty_pages_say_what_will_come(loop: Loop, language: str) -> None:
    manager = loop.browser()
    says = {
        "cases": {"ar": "لا حالات بعد", "en": "No cases yet"},
        "changes": {"ar": "لم يُكتب شيء بعد", "en": "Nothing written yet"},
        "my-shop": {"ar": "لا أحد ينتظر ردًا", "en": "Nobody waits for an answer"},
    }
    for path, said in says.items():
        assert page(manager, path, language).count(said[language]) >= 1
    assert page(manager, "cases/waiting", language).strip() == ""


@pytest.mark.parametrize("role", ["marketing", "analyst", "administrator", "data_protection_officer"])
def test_u3_cases_are_for_managers_and_service(loop: Loop, role: str) -> None:
    case, client = loop.case(USE), loop.browser(role, None)
    paths = ("cases", f"cases/{case.pk}", "my-shop", "changes")
    assert [client.get(f"/en/console/{path}").status_code for path in paths] == [403] * 4


def test_u3_another_shops_case_is_no_page(loop: Loop) -> None:
    case, other = loop.case(USE, text="Loud"), loop.browser(shops=(1,))
    page(other, f"cases/{case.pk}", status=404)
    for act in ("words", "take", "give", "note", "escalate", "resolve", "reopen", "reply", "preview"):
        press(
            other, f"cases/{case.pk}/{act}", status=404, note="x", why="x", reason="mended", reply="x", to="1"
        )
    page(other, f"cases/{case.pk}/replies", status=404)
    page(other, f"my-shop?shop={retailer.shops()[0].slug}", status=404)
    assert (page(other, "cases/waiting").strip(), list(CaseStep.objects.values_list("kind", flat=True))) == (
        "", ["opened"],
    )  # fmt: skip


def test_u3_a_case_shows_what_was_chosen_and_no_word_until_its_owner_opens_it(loop: Loop) -> None:
    case, manager = loop.case(USE, text="Majed was rude", language="ar"), loop.browser()
    shown = page(manager, f"cases/{case.pk}")
    assert (shown.count("The queue at the till"), shown.count("Majed"), shown.count("Open what was")) == (
        1,
        0,
        0,
    )
    press(manager, f"cases/{case.pk}/take")
    assert page(manager, f"cases/{case.pk}").count("Open what was written") == 1
    assert press(manager, f"cases/{case.pk}/words", status=200).count("Majed was rude") == 1
    assert page(manager, f"cases/{case.pk}").count("Majed") == 0


def test_u3_a_reply_is_begun_looked_at_sent_and_taken_back(loop: Loop) -> None:
    case, manager = loop.case(WRITE, text="Loud", email=NOOR, language="ar"), loop.browser()
    press(manager, f"cases/{case.pk}/take")
    assert page(manager, f"cases/{case.pk}/start?start=sorry").count("ونعتذر عمّا حدث في زيارتك") == 1
    assert page(manager, f"cases/{case.pk}?start=sorry").count("ونعتذر عمّا حدث في زيارتك") == 1
    assert (
        press(manager, f"cases/{case.pk}/reply", status=400, reply="[x] y").count("square brackets [ ]") == 1
    )
    looked = press(manager, f"cases/{case.pk}/preview", status=200, reply="مرحبًا {name}،\n\nشكرًا لك.")
    assert looked.count("(اسم العميل)") == 1
    press(manager, f"cases/{case.pk}/reply", reply=TEXT)
    made = Reply.objects.get()
    assert page(manager, f"cases/{case.pk}/replies").count("Take it back") == 1
    back = press(manager, f"cases/{case.pk}/replies/{made.pk}/undo", status=200)
    assert (back.count("We opened a second till."), Reply.objects.get().state) == (1, "undone")


def test_u3_a_refusal_keeps_what_was_typed(loop: Loop) -> None:
    case, manager = loop.case(USE), loop.browser()
    found = loop.staff()
    actions.escalate(staff=found, case=case.pk, text="Above my limit")
    shown = press(manager, f"cases/{case.pk}/escalate", status=409, why="Again please")
    assert shown.count("with head office already") == 1
    press(manager, f"cases/{case.pk}/note", note="<script>alert(1)</script>")
    assert page(manager, f"cases/{case.pk}").count("<script>alert") == 0


def test_u3_a_case_is_given_handed_up_resolved_and_opened_again(loop: Loop) -> None:
    case, manager = loop.case(USE), loop.browser()
    service = loop.staff("service", None)
    press(manager, f"cases/{case.pk}/give", to=str(service.staff))
    press(manager, f"cases/{case.pk}/escalate", why="A refund above my limit")
    press(manager, f"cases/{case.pk}/resolve", reason="mended", done="Refunded")
    shown = page(manager, f"cases/{case.pk}")
    assert (shown.count("Put right in the shop"), shown.count("Refunded"), shown.count("Open again")) == (
        1,
        1,
        1,
    )
    press(manager, f"cases/{case.pk}/reopen")
    assert Case.objects.get().state == "open"


def test_u3_the_list_is_filtered_and_the_badge_counts(loop: Loop) -> None:
    grave, _other = loop.case(USE), loop.case(USE, answers={"overall": 2, "recommend": 9})
    manager = loop.browser()
    actions.take_over(staff=loop.staff(), case=grave.pk)
    lines = {
        "": 2, "?view=open&grave=on": 1, "?whose=mine": 1, "?whose=nobody": 1, "?view=resolved": 0, "?late=on": 0,
        "?shop=x&view=y": 2,
    }  # fmt: skip
    for query, count in lines.items():
        assert page(manager, f"cases{query}").count('<a href="/en/console/cases/') == count, query
    assert page(manager, "cases/waiting").count('aria-label="2 waiting for an answer"') == 1
    assert page(manager, "cases").count('hx-get="/en/console/cases/waiting"') == 1


def test_u3_what_a_shop_changed_is_written_published_seen_and_taken_back(loop: Loop) -> None:
    manager, shop = loop.browser(), retailer.shops()[0]
    press(manager, "changes", status=400, shop=str(shop.id), ar="فتحنا صندوقًا ثانيًا.", en="", do="publish")
    assert Client().get(f"/en/changes/{shop.slug}").content.decode().count("Nothing yet") == 1
    made = Improvement.objects.get()
    press(
        manager,
        "changes",
        shop=str(shop.id),
        note=str(made.pk),
        ar="فتحنا صندوقًا ثانيًا.",
        en="A second till.",
        do="publish",
    )
    for language, text in (("ar", "فتحنا صندوقًا ثانيًا."), ("en", "A second till.")):
        assert Client().get(f"/{language}/changes/{shop.slug}").content.decode().count(text) == 1
        assert (
            Client()
            .get(f"/{language}/survey/{shop.slug}")
            .content.decode()
            .count(f"/{language}/changes/{shop.slug}")
            == 1
        )
    press(manager, f"changes/{made.pk}/withdraw")
    assert Client().get(f"/en/changes/{shop.slug}").content.decode().count("A second till.") == 0
    other = loop.browser(shops=(1,))
    press(other, f"changes/{made.pk}/publish", status=404)
    press(other, "changes", status=404, shop=str(shop.id), ar="نص", en="text")
    assert Client().get("/en/changes/nowhere").status_code == 404


def test_u3_my_shop_today_shows_own_shops_alone(loop: Loop) -> None:
    loop.case(USE)
    loop.case(USE, shop=1)
    first, second = retailer.shops()[:2]
    manager = loop.browser()
    shown = page(manager, "my-shop")
    assert (shown.count(first.name.en) >= 1, shown.count('<a href="/en/console/cases/')) == (True, 1)
    assert shown.count(second.name.en) == 0
    both = loop.browser(shops=(0, 1))
    assert page(both, f"my-shop?shop={second.slug}").count(f"<h1><bdi>{second.name.en}</bdi></h1>") == 1
    assert page(loop.browser("shop_manager", None), "my-shop").count("<option") == len(retailer.shops())
