"""The photo of a case: sealed, opened by its owner alone, by a button of its own, and visible to its sender."""

from django.http import HttpResponse
from django.test import Client

from amana.surveys.loop import actions
from amana.surveys.models import Candidate, Case
from amana.surveys.reading import keeping_back
from tests.surveys.loop.conftest import USE, WRITE, Loop
from tests.surveys.reading import drawn

PICTURE = drawn.sent(drawn.at_an_angle)
NOOR = "noor@mail.example"
SHOWN = "data:image/jpeg;base64,"


def press(client: Client, case: Case, act: str = "photo", **given: str) -> HttpResponse:
    """Press a button of a case."""
    answer = client.post(f"/en/console/cases/{case.pk}/{act}", given)
    assert isinstance(answer, HttpResponse)
    return answer


def shown(client: Client, case: Case, language: str = "en") -> str:
    """Return the page of a case."""
    return client.get(f"/{language}/console/cases/{case.pk}").content.decode()


def owned(loop: Loop, case: Case) -> Client:
    """Return the browser of the manager, whose case it is."""
    actions.take_over(staff=loop.staff(), case=case.pk)
    return loop.browser()


def test_u3_a_photo_is_sealed_until_its_owner_opens_it(loop: Loop) -> None:
    case = loop.case(USE, photo=PICTURE)
    stranger = loop.browser()
    assert (shown(stranger, case).count("A photo of the receipt"), shown(stranger, case).count("Open the photo")) == (
        1, 0,
    )  # fmt: skip
    assert (press(stranger, case).status_code, press(loop.browser(shops=(1,)), case).status_code) == (
        403,
        404,
    )
    manager = owned(loop, case)
    assert (shown(manager, case).count("Open the photo"), shown(manager, case).count(SHOWN)) == (1, 0)
    answer = press(manager, case)
    page = answer.content.decode()
    assert (answer.status_code, page.count(f'src="{SHOWN}/9j/'), page.count(PICTURE[:60])) == (200, 1, 1)
    assert page.count('alt="The photo that was sent: A photo of the receipt"') == 1
    assert shown(manager, case).count(SHOWN) == 0


def test_c4_the_page_is_not_stored_and_nothing_else_may_show_pictures_of_its_own(loop: Loop) -> None:
    case = loop.case(USE, photo=PICTURE)
    manager = owned(loop, case)
    opened, closed = press(manager, case), manager.get(f"/en/console/cases/{case.pk}")
    assert [one["Cache-Control"].count("no-store") for one in (opened, closed)] == [1, 1]
    policies = [one["Content-Security-Policy"].split("; ") for one in (opened, closed)]
    assert [[part for part in one if part.startswith("img-src")] for one in policies] == [
        ["img-src 'self' data:"], ["img-src 'self'"],
    ]  # fmt: skip


def test_r5_each_opening_is_a_use_of_this_one_person(loop: Loop) -> None:
    case = loop.case(USE, photo=PICTURE, text="Loud")
    loop.case(USE, photo=PICTURE)
    manager = owned(loop, case)
    press(manager, case)
    press(manager, case)
    rows = loop.world.owner.execute(
        "SELECT t.ref, (SELECT count(*) FROM uses.use u WHERE u.call = c.id) FROM uses.call c"
        " JOIN uses.task t ON t.id = c.task WHERE t.ref LIKE 'case:%%'"
    ).fetchall()
    assert rows == [(f"case:{case.pk}", 1)] * 2


def test_u3_who_only_wants_to_be_written_to_is_seen_once_confirmed(loop: Loop) -> None:
    case = loop.case(WRITE, photo=PICTURE, email=NOOR)
    manager = owned(loop, case)
    assert press(manager, case).status_code == 409
    loop.confirm(case)
    assert press(manager, case).status_code == 200


def test_c4_what_is_kept_back_opens_no_more_and_says_so(loop: Loop) -> None:
    case = loop.case(USE, photo=PICTURE)
    manager = owned(loop, case)
    assert press(manager, case).content.decode().count(f"/kept-back/{case.response}") == 1
    manager.post(f"/en/console/kept-back/{case.response}", {"field": "receipt_photo", "kind": "child"})
    assert keeping_back.hold_found() == 1
    assert (press(manager, case).status_code, shown(manager, case).count("Kept back: it may show")) == (
        409,
        1,
    )
    assert shown(manager, case, "ar").count("محجوبة: قد يظهر فيها ما لم نسأل عنه") == 1
    Candidate.objects.update(due_at="2020-01-01T00:00:00Z")
    assert keeping_back.purge_due() == 1
    assert shown(manager, case).count("Deleted: it showed what nobody asked for.") == 1


def test_u3_an_answer_without_a_photo_has_no_place_for_one(loop: Loop) -> None:
    case = loop.case(USE, text="Loud")
    manager = owned(loop, case)
    assert (press(manager, case).status_code, shown(manager, case).count('id="photo"')) == (409, 0)
