"""Surveys are written step by step, published for ever, and opened shop by shop."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from amana.kernel import clock
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy
from amana.surveys.builder import actions, editing, queries, readiness, refusals, seeding
from amana.surveys.definition import writing
from amana.surveys.definition.document import Definition, Question
from amana.surveys.models import Revision, Survey, Version
from tests.surveys.builder.conftest import EXAMPLES
from tests.surveys.definition.made import both, example, small
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def asks(name: str, text: str) -> Any:
    """Return a change of one question's text."""
    return lambda found: editing.change_question(
        found, name, lambda question: replace(question, label=both(text))
    )


def refused(call: Any) -> str:
    with pytest.raises(Refusal) as found:
        call()
    return found.value.code


def recorded(world: World) -> list[str]:
    rows = world.owner.execute("SELECT event FROM ledger.pending ORDER BY number").fetchall()
    return [event for (event,) in rows if event.startswith("surveys.")]


def edit(survey: int, change: Any, *, at: int | None = None, staff: int = 1) -> int:
    stands = queries.get_draft(survey).revision if at is None else at
    return actions.edit(staff=staff, survey=survey, change=change, at=stands)


def label(survey: int, name: str) -> str:
    found = queries.get_draft(survey).definition.find(name)
    assert found is not None
    return found.label.en


def test_every_edit_is_a_state_and_undo_and_redo_walk_them(survey: int) -> None:
    assert edit(survey, asks("mood", "Two")) == 2
    assert edit(survey, asks("mood", "Three")) == 3
    assert edit(survey, asks("mood", "Three")) == 3
    assert actions.undo(survey=survey, at=3) == 2
    assert label(survey, "mood") == "Two"
    assert actions.redo(survey=survey, at=2) == 3
    assert [actions.undo(survey=survey, at=3), actions.undo(survey=survey, at=2)] == [2, 1]
    assert refused(lambda: actions.undo(survey=survey, at=1)) == "survey_no_step"
    # What was undone stays in the history when something else is written.
    assert edit(survey, asks("mood", "Four")) == 4
    assert refused(lambda: actions.redo(survey=survey, at=4)) == "survey_no_step"
    assert actions.undo(survey=survey, at=4) == 1
    assert [(step.number, step.parent) for step in queries.history(survey)] == [
        (4, 1),
        (3, 2),
        (2, 1),
        (1, 0),
    ]
    assert actions.restore(staff=1, survey=survey, number=3) == 5
    assert label(survey, "mood") == "Three"


def keep(survey: int, name: str, text: str, *, staff: int = 1, at: int | None = None) -> int:
    stands = queries.get_draft(survey).revision if at is None else at
    return actions.edit(
        staff=staff, survey=survey, change=asks(name, text), at=stands, part=name, by_itself=True
    )


def test_what_is_saved_by_itself_at_one_go_is_one_step(survey: int) -> None:
    assert [keep(survey, "mood", text) for text in ("H", "How", "How are you?")] == [2, 3, 4]
    # Saved by hand in the end, it is still the same step.
    ended = actions.edit(staff=1, survey=survey, change=asks("mood", "How?"), at=4, part="mood")
    steps = [(step.number, step.parent) for step in queries.history(survey)]
    assert (ended, steps) == (5, [(5, 1), (1, 0)])
    assert actions.undo(survey=survey, at=5) == 1
    assert actions.redo(survey=survey, at=1) == 5
    assert [keep(survey, "mood", "Again"), keep(survey, "mood", "Again")] == [6, 6]
    assert queries.get_draft(survey).undo == 5


def test_another_part_person_or_time_begins_another_step(survey: int) -> None:
    keep(survey, "mood", "One")
    keep(survey, "found", "Two")
    keep(survey, "found", "Three", staff=2)
    assert queries.get_draft(survey).undo == 3
    Revision.objects.filter(number=4).update(begun_at=clock.now() - actions.ONE_STEP - timedelta(seconds=1))
    keep(survey, "found", "Four", staff=2)
    assert [(step.number, step.parent) for step in queries.history(survey)] == [
        (5, 4), (4, 3), (3, 2), (2, 1), (1, 0),
    ]  # fmt: skip
    # What undo led back to stays, for whoever goes forward again.
    actions.undo(survey=survey, at=5)
    keep(survey, "found", "Five", staff=2)
    assert queries.get_draft(survey).undo == 4


def test_whoever_began_on_a_state_within_a_step_is_told_what_changed_since(survey: int) -> None:
    keep(survey, "mood", "From Layla", staff=7)
    keep(survey, "mood", "From Layla again", staff=7)
    with pytest.raises(refusals.Changed) as told:
        keep(survey, "mood", "From Omar", staff=2, at=2)
    assert (told.value.by, label(survey, "mood")) == (7, "From Layla again")
    assert keep(survey, "found", "From Omar", staff=2, at=2) == 4
    assert (label(survey, "mood"), label(survey, "found")) == ("From Layla again", "From Omar")


def test_two_people_in_different_parts_are_both_kept(survey: int) -> None:
    edit(survey, asks("mood", "From Layla"), staff=1, at=1)
    assert edit(survey, asks("found", "From Omar"), staff=2, at=1) == 3
    assert (label(survey, "mood"), label(survey, "found")) == ("From Layla", "From Omar")


def test_two_people_in_one_part_the_second_is_told_and_nothing_is_lost(survey: int) -> None:
    edit(survey, asks("mood", "From Layla"), staff=7, at=1)
    with pytest.raises(refusals.Changed) as told:
        edit(survey, asks("mood", "From Omar"), staff=2, at=1)
    assert (told.value.code, told.value.by) == ("survey_changed_meanwhile", 7)
    assert label(survey, "mood") == "From Layla"
    assert edit(survey, asks("mood", "From Omar"), staff=2, at=2) == 3
    assert [step.definition.questions().__next__().label.en for step in queries.history(survey)] == [
        "From Omar",
        "From Layla",
        "How was it?",
    ]


def test_nobody_deletes_or_undoes_what_a_colleague_wrote_meanwhile(survey: int) -> None:
    edit(survey, asks("mood", "From Layla"), staff=7, at=1)

    def gone(found: Definition) -> Definition:
        return editing.delete(found, "mood")

    assert refused(lambda: edit(survey, gone, at=1)) == "survey_changed_meanwhile"
    assert refused(lambda: actions.undo(survey=survey, at=1)) == "survey_changed_meanwhile"
    assert edit(survey, gone, at=2) == 3
    assert refused(lambda: edit(survey, asks("mood", "Late"), at=2)) == "survey_part_gone"


def test_a_published_version_never_changes_and_never_goes(world: World, survey: int) -> None:
    first = queries.get_version(actions.publish(staff=3, survey=survey, at=1))
    assert (first.number, first.slug, first.published_by) == (1, "small", 3)
    assert (first.hash, first.policy) == (writing.fingerprint(small()), policy.current().version.number)
    assert refused(lambda: actions.publish(staff=3, survey=survey, at=1)) == "survey_unchanged"
    for change in (
        lambda: Version.objects.filter(pk=first.id).update(number=9),
        lambda: Version.objects.filter(pk=first.id).delete(),
        lambda: connection.cursor().execute("DELETE FROM surveys_version"),
    ):
        with pytest.raises(DatabaseError):
            change()
    edit(survey, asks("mood", "Otherwise"))
    second = queries.get_version(actions.publish(staff=3, survey=survey, at=2))
    assert second.number == 2
    assert queries.get_version(first.id).definition == small()
    assert queries.find_published("small", 1) == first
    assert queries.published([("small", 1), ("small", 2), ("small", 3), ("none", 1)]) == {
        ("small", 1): first,
        ("small", 2): second,
    }
    assert refused(lambda: actions.delete(survey=survey)) == "survey_version_kept"
    assert recorded(world) == ["surveys.published", "surveys.published"]


def test_nothing_is_published_that_is_incomplete_or_was_changed_since_it_was_looked_through(
    survey: int,
) -> None:
    edit(survey, lambda found: editing.add_question(found, section="first", kind="single")[0])
    assert refused(lambda: actions.publish(staff=1, survey=survey, at=1)) == "survey_changed_meanwhile"
    assert refused(lambda: actions.publish(staff=1, survey=survey, at=2)) == "survey_incomplete"
    assert Version.objects.count() == 0


@pytest.mark.parametrize(
    ("question", "path"),
    [
        (Question(name="x", kind="contact", label=both("X"), fields=("message",)), ""),
        (Question(name="x", kind="contact", label=both("X"), fields=("name", "shoe_size")), ""),
        (Question(name="x", kind="consent", purpose="fraud"), ".purpose"),
        (Question(name="x", kind="consent", purpose="product_fit", channel="email"), ".purpose"),
    ],
)
def test_c3_a_survey_asks_nothing_that_the_policy_does_not_list(
    survey: int, question: Question, path: str
) -> None:
    def add(found: Definition) -> Definition:
        section = found.sections[0]
        return replace(found, sections=(replace(section, questions=(*section.questions, question)),))

    edit(survey, add)
    found = readiness.problems(queries.get_draft(survey).definition)
    assert [(each.path, each.grade, each.question) for each in found] == [
        (f"sections.0.questions.3{path}", "wrong", "x")
    ]
    assert refused(lambda: actions.publish(staff=1, survey=survey, at=2)) == "survey_incomplete"


def test_a_shop_s_own_line_counts_before_the_one_for_everywhere(world: World, survey: int) -> None:
    def place(shop: int | None, *ways: str) -> None:
        actions.place(staff=1, survey=survey, shop=shop, ways=ways)

    assert refused(lambda: place(None, "qr")) == "survey_not_published"
    actions.publish(staff=1, survey=survey, at=1)
    assert refused(lambda: place(None, "post")) == "survey_way_unknown"
    place(None, "qr", "tablet")
    place(1, "link")
    place(2)
    opened = {
        (shop, way): [each.slug for each in queries.open_for(shop, way)]
        for shop in (None, 1, 2, 3)
        for way in ("qr", "link")
    }
    here: list[str] = ["small"]
    assert opened == {
        (None, "qr"): here, (None, "link"): [], (1, "qr"): [], (1, "link"): here,
        (2, "qr"): [], (2, "link"): [], (3, "qr"): here, (3, "link"): [],
    }  # fmt: skip
    actions.unplace(staff=1, survey=survey, shop=2)
    assert queries.find_open("small", 2, "qr") == queries.latest(survey)
    actions.close(staff=1, survey=survey)
    assert queries.open_for(3, "qr") == ()
    assert refused(lambda: place(3, "qr")) == "survey_closed"
    actions.reopen(staff=1, survey=survey)
    assert [each.slug for each in queries.open_for(3, "qr")] == here
    assert recorded(world) == [
        "surveys.published", "surveys.placed", "surveys.placed", "surveys.placed", "surveys.placed",
        "surveys.closed", "surveys.reopened",
    ]  # fmt: skip


def test_a_copy_is_a_draft_of_its_own(survey: int) -> None:
    made = actions.copy(staff=2, survey=survey, suffix=both("(copy)"))
    found = queries.get_draft(made)
    assert (found.definition.title.en, found.definition.sections) == ("Small (copy)", small().sections)
    assert found.slug != "small"
    assert (
        refused(lambda: actions.create(staff=1, definition=small(), slug="small")) == "survey_address_taken"
    )
    assert refused(lambda: actions.create(staff=1, definition=small(), slug="Ä/x")) == "survey_address_taken"
    actions.delete(survey=made)
    assert (Survey.objects.count(), Revision.objects.count()) == (1, 1)
    assert refused(lambda: queries.get_draft(made)) == "survey_unknown"


def test_the_first_retailer_s_surveys_are_put_in_place_once(world: World) -> None:
    numbers = seeding.seed(staff=1, folder=EXAMPLES / "surveys")
    assert seeding.seed(staff=1, folder=EXAMPLES / "surveys") == numbers
    assert [each.slug for each in queries.open_for(1, "tablet")] == ["visit"]
    assert [each.slug for each in queries.open_for(1, "link")] == ["visit", "product"]
    visit = queries.open_for(1, "tablet")[0]
    assert visit.definition == example("visit")
    form = queries.form_for(visit, country="AE", jurisdiction="AE")
    assert [(each["purpose"], each["channel"]) for each in form["consents"]] == [
        ("marketing", "email"),
        ("feedback", None),
        ("feedback", "email"),
    ]
    assert set(form["fields"]) == {"name", "email", "mobile", "birth_date"}
    assert form["fields"]["email"] == {"ar": "البريد الإلكتروني", "en": "E-mail address"}


def names(found: Definition) -> list[list[str]]:
    return [[each.name for each in section.questions] for section in found.sections]


def test_moving_duplicating_and_deleting_by_name() -> None:
    made = small()
    made, second = editing.add_section(made)
    down = made
    for _ in range(4):
        down = editing.move(down, "mood", 1)
    assert names(down) == [["found", "why"], ["mood"]]
    assert names(editing.move(editing.move(down, "mood", -1), "mood", -1)) == [["found", "mood", "why"], []]
    assert names(editing.move(made, second, -1)) == [[], ["mood", "found", "why"]]
    copied, name = editing.duplicate(made, "found")
    assert (name, names(copied)[0]) == ("found_1", ["mood", "found", "found_1", "why"])
    twice, section = editing.duplicate(made, "first")
    assert (section, names(twice)[1]) == ("first_1", ["mood_1", "found_1", "why_1"])
    assert names(editing.delete(editing.delete(made, "found"), second)) == [["mood", "why"]]
    assert names(editing.move_into(made, "why", second)) == [["mood", "found"], ["why"]]
    assert [each.name for each in editing.earlier(down, "mood")] == ["found", "why"]
