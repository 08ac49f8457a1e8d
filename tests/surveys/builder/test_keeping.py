"""What is typed is saved by itself, and nothing is overwritten by it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amana.surveys.builder import queries
from tests.surveys.builder.conftest import SignedIn
from tests.surveys.builder.test_pages import form, found, question, send, text

pytestmark = pytest.mark.django_db(transaction=True)


def kept(client: Client, survey: int, name: str, posted: dict[str, Any], language: str = "en") -> Any:
    answer = client.post(f"/{language}/console/surveys/{survey}/keep/{name}", posted)
    return answer.status_code, answer.json()


def test_a_part_is_saved_by_itself_and_named_once_it_is_saved_by_hand(
    signed_in: SignedIn, survey: int
) -> None:
    marketer = signed_in("marketing")
    add = {"do": "add:first", "kind.first": "single", "name": "first", "at": "1"}
    marketer.post(
        f"/en/console/surveys/{survey}/part/first", add | {"title.en": "First", "title.ar": "الأول"}
    )
    page = text(marketer.get(f"/en/console/surveys/{survey}/part/single_1"))
    waiting = re.findall(r'name="unnamed" value="([^"]*)"', page)
    assert waiting == ["single_1 option_1 option_2"]
    typed = form(survey, "single_1", unnamed=waiting[0])
    for at, words in ((3, "What d"), (4, "What did you"), (5, "What did you buy?")):
        more = {"label.en": words, "choices.0.label.en": words[6:], "at": str(at)}
        assert kept(marketer, survey, "single_1", typed | more) == (
            200, {"at": at + 1, "undo": True, "whole": True, "told": "Saved"},
        )  # fmt: skip
    assert [each.name for each in question(survey, "single_1").choices] == ["option_1", "option_2"]
    typed |= {"label.en": "What did you buy?", "choices.0.label.en": "A bag", "at": "6"}
    where = send(marketer, survey, "single_1", typed, do="undo").headers["Location"]
    assert where == f"/en/console/surveys/{survey}/part/single_1?focus=undo"
    # Saved by itself or by hand: what was written at one go is undone at once.
    assert (queries.get_draft(survey).revision, question(survey, "single_1").label.en) == (3, "")
    redone = form(survey, "single_1", at="3")
    send(marketer, survey, "single_1", redone, do="redo")
    assert [each.name for each in question(survey, "what_did_you_buy").choices] == ["a_bag", "option_2"]


def test_what_cannot_be_saved_by_itself_is_told_and_nothing_is_overwritten(
    signed_in: SignedIn, survey: int
) -> None:
    layla, omar = signed_in("marketing"), signed_in("marketing", "omar")
    mine = form(survey, "mood", label__en="From Omar")
    assert kept(omar, survey, "mood", mine | {"name": "No spaces"})[1] == {
        "at": 2, "undo": True, "whole": False,
        "told": "Saved, except for the new name. “Save the draft” keeps that too.",
    }  # fmt: skip
    assert kept(layla, survey, "found", form(survey, "found", label__en="From Layla", at="1")) == (
        200,
        {
            "at": 3, "undo": True, "whole": True,
            "told": "Saved. A colleague changed other parts; both are kept.",
        },
    )  # fmt: skip
    assert kept(layla, survey, "mood", form(survey, "mood", label__en="From Layla", at="1")) == (
        409,
        {
            "told": "Not saved: A colleague changed this very part meanwhile. Nothing is saved yet, and what you"
            " wrote is still here.",
            "reload": True,
        },
    )
    assert question(survey, "mood").label.en == "From Omar"
    assert kept(layla, survey, "gone", mine, "ar") == (
        409,
        {
            "told": "لم يُحفظ: لم يعد هذا الجزء في الاستبيان، فربما حذفه زميل أو أعاد تسميته. لم يتغيّر شيء.",
            "reload": True,
        },
    )
    hidden = form(survey, "found", choices__0__label__en="\u202eevil")
    assert kept(layla, survey, "found", hidden) == (
        422,
        {"told": "Not saved: The text has hidden characters.", "reload": False},
    )
    whole = {"at": "3", "title.en": "Renamed", "title.ar": "اسم آخر"}
    answer = layla.post(f"/en/console/surveys/{survey}/keep", whole)
    assert (answer.json()["at"], found(survey).title.en) == (4, "Renamed")


def test_a_draft_is_read_once_for_each_save(signed_in: SignedIn, survey: int) -> None:
    marketer = signed_in("marketing")
    kept(marketer, survey, "mood", form(survey, "mood", label__en="Once"))
    posted = form(survey, "mood", label__en="Once more")
    with CaptureQueriesContext(connection) as statements:
        assert kept(marketer, survey, "mood", posted)[1]["told"] == "Saved"
    drafts = [
        each["sql"]
        for each in statements
        if each["sql"].startswith("SELECT") and '."definition"' in each["sql"]
    ]
    assert len(drafts) == 1


def kept_texts(client: Client, survey: int, at: int, **posted: str) -> Any:
    fields = {name.replace("__", "/").replace("_in_", "."): text for name, text in posted.items()}
    answer = client.post(f"/en/console/surveys/{survey}/texts/keep", {"at": str(at), **fields})
    return answer.status_code, answer.json()


def test_texts_in_both_languages_are_saved_by_themselves_as_one_step(
    signed_in: SignedIn, survey: int
) -> None:
    marketer, base = signed_in("marketing"), f"/en/console/surveys/{survey}/texts"
    for at, words in ((1, ""), (2, "Ho"), (3, "How did it go?")):
        code, told = kept_texts(marketer, survey, at, mood__label_in_en=words)
        assert (code, told["at"], told["undo"], told["told"]) == (200, at + 1, True, "Saved")
        assert (told["left"], told["open"]["mood/label"]) == (("", "") if words else ("1", "no English yet"))
    assert question(survey, "mood").label.en == "How did it go?"
    step = {"at": "4", "mood/label.en": "How did it go?", "do": "undo"}
    assert marketer.post(base + "?only=open", step).headers["Location"] == f"{base}?only=open&focus=undo"
    assert queries.get_draft(survey).revision == 1
    marketer.post(base, {"at": "1", "do": "redo"})
    assert (queries.get_draft(survey).revision, text(marketer.get(base)).count("One step forward.")) == (4, 1)
    assert kept_texts(marketer, survey, 4, title_in_en="\u202eevil") == (
        422,
        {"told": "Not saved: The text has hidden characters.", "reload": False},
    )
    refused = marketer.post(base, {"at": "4", "title.en": "\u202eevil", "intro.en": "Welcome"})
    assert (refused.status_code, text(refused).count(">Welcome</textarea>")) == (422, 1)


def test_texts_of_two_are_both_kept_and_those_of_one_question_are_not_overwritten(
    signed_in: SignedIn, survey: int
) -> None:
    layla, omar = signed_in("marketing"), signed_in("marketing", "omar")
    kept_texts(omar, survey, 1, mood__label_in_en="From Omar")
    told = kept_texts(layla, survey, 1, found__label_in_en="From Layla")[1]
    assert (told["told"], told["texts"]) == (
        "Saved. A colleague changed other parts; both are kept.", {"mood/label.en": "From Omar"},
    )  # fmt: skip
    code, told = kept_texts(layla, survey, 2, found__label_in_en="Later", mood__label_in_en="From Layla")
    assert (code, told["reload"]) == (409, True)
    page = layla.post(
        f"/en/console/surveys/{survey}/texts",
        {"at": "1", "mood/label.en": "From Layla", "found/label.en": "Found it?"},
    )
    assert (page.status_code, text(page).count(">From Layla</textarea>")) == (409, 2)
    assert (question(survey, "mood").label.en, question(survey, "found").label.en) == (
        "From Omar",
        "From Layla",
    )
