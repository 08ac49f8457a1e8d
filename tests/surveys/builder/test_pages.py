"""The builder's pages, through Django's client."""

import html
import re
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amana.surveys.builder import actions, partforms, queries, readiness
from amana.surveys.definition import writing
from amana.surveys.definition.document import Definition, Question
from amana.surveys.models import Survey
from tests.surveys.builder.conftest import SignedIn
from tests.surveys.definition.made import example, small
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
EDITING = ["/{n}", "/{n}/part/mood", "/{n}/texts", "/{n}/history", "/new", "/import"]
READING = ["", "/{n}/preview", "/{n}/trial", "/{n}/ready", "/{n}/places", "/{n}/versions", "/{n}/file.json"]
VERBS = [
    "/{n}/publish",
    "/{n}/close",
    "/{n}/reopen",
    "/{n}/restore",
    "/{n}/copy",
    "/{n}/delete",
    "/{n}/check",
    "/{n}/keep",
    "/{n}/keep/mood",
    "/{n}/texts/keep",
]


@pytest.fixture
def marketer(signed_in: SignedIn) -> Client:
    """Return a marketer's browser."""
    return signed_in("marketing")


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def found(survey: int) -> Definition:
    return queries.get_draft(survey).definition


def question(survey: int, name: str) -> Question:
    made = found(survey).find(name)
    assert made is not None
    return made


def form(survey: int, name: str, /, **changes: str) -> dict[str, Any]:
    """Return what the editor's form of a question would send, with some fields changed."""
    part = question(survey, name)
    values: dict[str, Any] = partforms.values_of(part)
    if part.fields:
        values["fields"] = list(part.fields)
    at = str(queries.get_draft(survey).revision)
    return values | {"at": at, **{key.replace("__", "."): value for key, value in changes.items()}}


def send(client: Client, survey: int, name: str, posted: dict[str, Any], **more: str) -> Any:
    return client.post(f"/en/console/surveys/{survey}/part/{name}", posted | more)


@pytest.mark.parametrize(
    ("role", "reads", "edits"),
    [
        ("marketing", 200, 200),
        ("analyst", 200, 403),
        ("data_protection_officer", 200, 403),
        ("shop_manager", 403, 403),
        ("service", 403, 403),
        ("administrator", 403, 403),
    ],
)
def test_c1_who_may_read_and_who_may_write(
    signed_in: SignedIn, survey: int, role: str, reads: int, edits: int
) -> None:
    client, base = signed_in(role), "/en/console/surveys"
    assert {client.get(base + end.format(n=survey)).status_code for end in READING} == {reads}
    assert {client.get(base + end.format(n=survey)).status_code for end in EDITING} == {edits}
    if edits == 403:
        assert {client.post(base + end.format(n=survey)).status_code for end in VERBS} == {403}
        client.post(f"{base}/{survey}/places", {"all": "qr"})
        assert (found(survey), queries.places(survey), queries.latest(survey)) == (small(), (), None)


def test_an_empty_list_teaches(world: Any, marketer: Client) -> None:
    page = text(marketer.get("/en/console/surveys"))
    assert (page.count("<ol>"), page.count('href="/en/console/surveys/new"')) == (1, 1)


def test_a_survey_is_begun_and_a_question_of_every_kind_added_and_saved_unchanged(marketer: Client) -> None:
    begun = marketer.post("/en/console/surveys/new", {"title.ar": "جديد", "title.en": "New one"})
    survey = Survey.objects.get().pk
    assert begun.headers["Location"] == f"/en/console/surveys/{survey}/part/section_1?focus=title-ar"
    for kind in ("single", "multiple", "matrix", "rating", "nps", "csat", "smiley", "number", "date", "phone",
                 "email", "short_text", "long_text", "photo", "consent", "contact", "note"):  # fmt: skip
        posted = {"do": "add:section_1", "kind.section_1": kind, "name": "section_1", "at": "1"}
        where = marketer.post(f"/en/console/surveys/{survey}/part/section_1", posted).headers["Location"]
        assert where == f"/en/console/surveys/{survey}/part/{kind}_1?focus=label-en"
        assert marketer.get(where).status_code == 200
    before = queries.get_draft(survey)
    for name in [each.name for each in before.definition.questions()]:
        answer = send(marketer, survey, name, form(survey, name))
        assert (name, answer.status_code) == (name, 302)
    assert queries.get_draft(survey) == before


def test_what_is_typed_is_kept_and_parts_are_named_after_it(marketer: Client, survey: int) -> None:
    posted = {"do": "add:first", "kind.first": "single", "name": "first", "at": "1", "title.en": "First",
              "title.ar": "First بالعربية"}  # fmt: skip
    marketer.post(f"/en/console/surveys/{survey}/part/first", posted)
    typed = form(
        survey, "single_1", label__en="What did you buy?", label__ar="ماذا اشتريت؟", choices__0__label__en="A bag",
        choices__0__label__ar="حقيبة", choices__1__label__en="Shoes", required="when",
        required_when="${mood} <= 2", relevant=" ${found} = 'yes' ", shuffled="on", about="wanted",
    )  # fmt: skip
    answer = send(marketer, survey, "single_1", typed, do="choices-add")
    assert answer.headers["Location"].endswith("/part/what_did_you_buy?focus=choices-2-label-en")
    made = question(survey, "what_did_you_buy")
    assert [(each.name, each.label.en) for each in made.choices] == [
        ("a_bag", "A bag"), ("shoes", "Shoes"), ("option_1", ""),
    ]  # fmt: skip
    assert (made.required, made.relevant, made.shuffled, made.about) == (
        "${mood} <= 2", "${found} = 'yes'", True, "wanted",
    )  # fmt: skip
    for button in ("choices-up-1", "choices-remove-2", "choices-up-99", "choices-remove-x", "rows-add"):
        send(marketer, survey, "what_did_you_buy", form(survey, "what_did_you_buy"), do=button)
    assert [each.name for each in question(survey, "what_did_you_buy").choices] == ["shoes", "a_bag"]


def test_conditions_are_picked_and_answers_piped_without_writing_an_expression(
    marketer: Client, survey: int
) -> None:
    pick = {"pick.relevant.is": "not", "pick.relevant.join": "or", "do": "pick:relevant"}
    send(
        marketer, survey, "why", form(survey, "why") | pick, **{"pick.relevant.condition": "${found} = 'yes'"}
    )
    assert question(survey, "why").relevant == "${found} != 'yes'"
    send(marketer, survey, "why", form(survey, "why") | pick, **{"pick.relevant.condition": "${mood} <= 2"})
    pick["pick.relevant.join"] = "and"
    pick["pick.relevant.is"] = "is"
    send(marketer, survey, "why", form(survey, "why") | pick, **{"pick.relevant.condition": "${mood} >= 1"})
    assert question(survey, "why").relevant == "(${found} != 'yes' or ${mood} > 2) and ${mood} >= 1"
    send(marketer, survey, "why", form(survey, "why"), **{"pipe.name": "mood", "do": "pipe"})
    assert question(survey, "why").label.en == "Why? ${mood}"
    assert readiness.problems(found(survey)) == ()


def test_rules_stand_in_words_under_their_fields_in_the_outline_and_in_a_version(
    marketer: Client, survey: int
) -> None:
    base = f"console/surveys/{survey}"
    typed = form(
        survey, "why", relevant="${found} = 'no'", required="when", required_when="${mood} <= 2",
        constraint="string-length(.) < 300", message__en="Shorter, please.", message__ar="أقصر من فضلك.",
    )  # fmt: skip
    spoken = r'<p class="hint spoken" id="w-f-([\w-]+)"( hx-swap-oob="true")?>(.*?)</p>'
    live = text(marketer.post(f"/en/{base}/check/why", typed))
    told = {
        "relevant": "Shown when “<bdi>Found it?</bdi>” is “<bdi>no</bdi>”",
        "required-when": "Has to be answered when “<bdi>How was it?</bdi>” is at most <bdi>2</bdi>",
        "constraint": "Accepted when the number of characters in this answer is fewer than <bdi>300</bdi>",
    }
    assert {name: said for name, _, said in re.findall(spoken, live)} == told
    send(marketer, survey, "why", typed)
    page = text(marketer.get(f"/en/{base}/part/why"))
    assert {name: said for name, _, said in re.findall(spoken, page)} == told
    beside = '<span class="small muted clamp">{}</span>'
    assert page.count(beside.format(told["relevant"])) == 1
    arabic = "يظهر إذا كانت إجابة «<bdi>Found it? بالعربية</bdi>» هي «<bdi>no بالعربية</bdi>»"
    assert text(marketer.get(f"/ar/{base}/part/mood")).count(beside.format(arabic)) == 1
    edit = {"at": "2", "alert": "${mood} = 1", "title.en": "Small", "title.ar": "صغير"}
    marketer.post(f"/en/{base}", edit)
    actions.publish(staff=1, survey=survey, at=3)
    version = text(marketer.get(f"/en/{base}/versions/1"))
    assert [version.count(said) for said in told.values()] == [1, 1, 1]
    history = text(marketer.get(f"/en/{base}/history"))
    assert [history.count(f"<ins><bdi>{said}</bdi></ins>") for said in told.values()] == [1, 1, 1]
    assert (
        version.count("<li>Somebody is dissatisfied when “<bdi>How was it?</bdi>” is <bdi>1</bdi></li>") == 1
    )


def test_problems_are_told_at_once_in_the_reader_s_language_and_nothing_is_kept(
    marketer: Client, survey: int
) -> None:
    typed = form(survey, "found", relevant="${why} = 'x'", label__en="")
    page = text(marketer.post(f"/en/console/surveys/{survey}/check/found", typed))
    slots = dict(re.findall(r'<p class="\w+" id="e-f-([\w-]+)" hx-swap-oob="true">([^<]*)</p>', page))
    assert {name: said for name, said in slots.items() if said} == {
        "label-en": "The English text is not written.",
        "relevant": "This relies on a question that comes later: “why”.",
    }
    arabic = text(marketer.post(f"/ar/console/surveys/{survey}/check/found", typed))
    assert arabic.count("يعتمد هذا على سؤال يأتي بعده") == 1
    assert (page.count('lang="ar" dir="rtl"'), page.count('lang="en" dir="ltr"')) == (1, 1)
    broken = form(survey, "found", name="No spaces", choices__0__label__en="\u202eevil")
    page = text(marketer.post(f"/en/console/surveys/{survey}/check/found", broken))
    assert page.count("A name is small Latin letters") == 1
    assert (page.count("The text has hidden characters."), queries.get_draft(survey).revision) == (1, 1)


def test_what_cannot_be_kept_stays_in_the_form(marketer: Client, survey: int) -> None:
    answer = send(marketer, survey, "mood", form(survey, "mood", name="found", label__en="Typed <b>long</b>"))
    page = answer.content.decode()
    assert (answer.status_code, page.count("Typed &lt;b&gt;long&lt;/b&gt;")) == (422, 1)
    assert page.count("This name is used in the survey already.") == 1
    assert queries.get_draft(survey).revision == 1


def test_the_second_of_two_people_is_told_and_loses_nothing(
    signed_in: SignedIn, survey: int, world: Any
) -> None:
    layla, omar = signed_in("marketing"), signed_in("marketing", "omar")
    mine = form(survey, "mood", label__en="From Omar")
    send(layla, survey, "mood", form(survey, "mood", label__en="From Layla"))
    told = send(omar, survey, "mood", mine)
    page = text(told)
    assert told.status_code == 409
    assert page.count("A colleague changed this very part meanwhile.") == 1
    assert (page.count("<ins><bdi>From Layla</bdi></ins>"), page.count(">From Omar</textarea>")) == (1, 1)
    assert question(survey, "mood").label.en == "From Layla"
    send(omar, survey, "mood", mine | {"at": "2"})
    assert question(survey, "mood").label.en == "From Omar"
    other = form(survey, "found", label__en="Other")
    send(layla, survey, "why", form(survey, "why", label__en="Why then?"))
    kept = omar.get(send(omar, survey, "found", other).headers["Location"])
    assert text(kept).count("Both are kept.") == 1
    assert [question(survey, name).label.en for name in ("found", "why")] == ["Other", "Why then?"]


def test_undo_redo_delete_and_the_part_that_is_shown_then(marketer: Client, survey: int) -> None:
    base = f"/en/console/surveys/{survey}"
    typed = form(survey, "why", label__en="Why not?")
    gone = send(marketer, survey, "why", typed, do="step:delete")
    assert gone.headers["Location"] == f"{base}/part/found?focus=delete"
    assert marketer.get(f"{base}/part/why").headers["Location"] == base
    back = send(marketer, survey, "found", form(survey, "found"), do="undo")
    assert back.headers["Location"] == f"{base}/part/why?focus=undo"
    # What was typed and not saved is taken back, and can be brought forward again.
    undone = send(marketer, survey, "why", form(survey, "why", label__en="Typed"), do="undo")
    assert (undone.headers["Location"], question(survey, "why").label.en) == (
        f"{base}/part/why?focus=undo",
        "Why?",
    )
    send(marketer, survey, "why", form(survey, "why"), do="redo")
    assert question(survey, "why").label.en == "Typed"
    send(marketer, survey, "why", form(survey, "why"), do="step:up")
    send(marketer, survey, "why", form(survey, "why"), do="step:duplicate")
    assert [each.name for each in found(survey).questions()] == ["mood", "why", "why_1", "found"]
    send(marketer, survey, "why", form(survey, "why", label__en="On the way"), do="go:found")
    assert question(survey, "why").label.en == "On the way"


def test_twenty_surveys_are_listed_by_as_many_queries_as_two(world: World, marketer: Client) -> None:
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as statements:
            assert marketer.get("/en/console/surveys" + path).status_code == 200
        return len(statements)

    def begin(numbers: range) -> None:
        for number in numbers:
            made = actions.create(staff=number, definition=example("product"), slug=f"survey-{number}")
            actions.publish(staff=number, survey=made, at=1)
            actions.place(staff=number, survey=made, shop=None, ways=["qr"])

    begin(range(2))
    for path in ("", "/new", "/asking"):
        asked(path)
    few = [asked(path) for path in ("", "/new", "/asking")]
    begin(range(2, 20))
    assert [asked(path) for path in ("", "/new", "/asking")] == few


def test_both_languages_are_written_side_by_side(marketer: Client, survey: int) -> None:
    base = f"/en/console/surveys/{survey}/texts"
    send(marketer, survey, "mood", form(survey, "mood", label__ar=""))
    page = text(marketer.get(base + "?only=open"))
    assert (page.count("no Arabic yet"), page.count('name="mood/label.ar"'), page.count("<textarea")) == (
        1,
        1,
        2,
    )
    marketer.post(
        base, {"at": "2", "mood/label.ar": "كيف كانت؟", "title.en": "Small one", "gone/label.en": "x"}
    )
    assert (question(survey, "mood").label.ar, found(survey).title.en) == ("كيف كانت؟", "Small one")
    assert text(marketer.get(base)).count("Everything is written in both languages") == 1


def test_the_check_list_leads_to_what_is_missing_and_publishing_to_the_shops(
    marketer: Client, survey: int
) -> None:
    base = f"/en/console/surveys/{survey}"
    send(marketer, survey, "mood", form(survey, "mood", label__ar=""))
    page = text(marketer.get(base + "/ready"))
    assert page.count(f'href="{base}/part/mood?focus=label-ar"') == 1
    assert (page.count("Your opinion and remarks"), page.count("Publish the survey")) == (1, 0)
    assert marketer.post(base + "/publish", {"at": "2"}).status_code == 409
    send(marketer, survey, "mood", form(survey, "mood", label__ar="كيف؟"))
    assert marketer.post(base + "/publish", {"at": "3"}).headers["Location"] == base + "/places"
    marketer.post(base + "/places", {"all": ["qr", "link"], "shop-1-own": "own", "shop-1": ["tablet"]})
    assert [(place.shop, place.ways) for place in queries.places(survey)] == [
        (None, ("qr", "link")), (1, ("tablet",)),
    ]  # fmt: skip
    marketer.post(base + "/places", {"all": ["qr"], "shop-1-own": "all", "shop-1": ["tablet"]})
    assert [(place.shop, place.ways) for place in queries.places(survey)] == [(None, ("qr",))]
    # Whoever changes a shop's ticks means that shop, also without saying so.
    ticked = {"shop-1-own": "all", "shop-1": ["qr"], "shop-2-own": "all", "shop-2": ["qr", "web"]}
    marketer.post(base + "/places", {"all": ["qr", "link"], **ticked})
    assert [(place.shop, place.ways) for place in queries.places(survey)] == [
        (None, ("qr", "link")), (2, ("qr", "web")),
    ]  # fmt: skip
    code = marketer.get(base + "/places/deira.svg")
    assert (code.headers["Content-Type"], code.content[:4]) == ("image/svg+xml", b"<svg")
    assert text(marketer.get(base + "/versions/1")).count("Why?") == 1
    assert marketer.get(base + "/versions/2").status_code == 404


def test_a_draft_is_tried_by_the_runner_and_nothing_can_leave_that_page(marketer: Client) -> None:
    survey = actions.create(staff=1, definition=example("visit"), slug="visit")
    page = marketer.get(f"/ar/console/surveys/{survey}/trial")
    rules = sorted(page.headers["Content-Security-Policy"].split("; "))
    assert [rule for rule in rules if rule.startswith(("connect", "form-action", "frame-anc"))] == [
        "connect-src 'none'", "form-action 'none'", "frame-ancestors 'self'",
    ]  # fmt: skip
    assert (page.headers["X-Frame-Options"], text(page).count("<script")) == ("SAMEORIGIN", 9)


def test_a_survey_goes_out_as_a_file_and_comes_in_again_shown_before_it_is_kept(marketer: Client) -> None:
    survey = actions.create(staff=1, definition=example("product"), slug="product")
    base = "/en/console/surveys"
    out = marketer.get(f"{base}/{survey}/file.json")
    assert out.content == writing.dumps(example("product")).encode()
    shown = marketer.post(f"{base}/import", {"file": BytesIO(out.content)})
    assert Survey.objects.count() == 1
    kept = re.search(r'<textarea name="kept" hidden>(.*?)</textarea>', shown.content.decode(), re.DOTALL)
    assert kept is not None
    marketer.post(f"{base}/import", {"kept": html.unescape(kept[1])})
    newest = Survey.objects.order_by("-pk").first()
    assert newest is not None
    assert (newest.slug[:9], found(newest.pk)) == ("what-you-", example("product"))
    assert marketer.post(f"{base}/import", {"file": BytesIO(b"{")}).status_code == 422
    assert marketer.post(f"{base}/import", {"file": BytesIO(b"PK\x03\x04nothing")}).status_code == 422
    assert marketer.post(f"{base}/import", {}).status_code == 422


def test_what_an_xlsform_cannot_hold_is_listed_before_it_is_downloaded(marketer: Client) -> None:
    survey = actions.create(staff=1, definition=example("visit"), slug="visit")
    base = f"/en/console/surveys/{survey}/file.xlsx"
    listed, made = marketer.get(base), marketer.get(base + "?anyway=1")
    assert (listed.status_code, made.content[:2]) == (200, b"PK")
    assert text(listed).count("What an XLSForm cannot hold of this survey") == 1
    again = marketer.post("/en/console/surveys/import", {"file": BytesIO(made.content)})
    assert (again.status_code, text(again).count("Keep it as a new draft")) == (200, 1)
