"""Cases: opened where somebody allows it, told at once, taken over, handed up, resolved, let go of."""

import datetime as dt

import pytest

from amana.gate import actions as gate
from amana.gate import queries as gate_queries
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.retailer import queries as retailer
from amana.surveys.loop import actions, alerts, ending, queries, replies, words
from amana.surveys.loop.queries import Asked
from amana.surveys.models import Case, CaseStep, Reply, Response
from tests.surveys.loop.conftest import CROSS, HAPPY, USE, WRITE, Loop

LATER = dt.timedelta(days=4)


def refused(act: object) -> str:
    """Return the code of the refusal something ends in."""
    with pytest.raises(Refusal) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def steps(case: Case) -> list[str]:
    """Return what happened in a case."""
    return list(CaseStep.objects.filter(case=case).order_by("id").values_list("kind", flat=True))


def test_u3_only_who_is_dissatisfied_and_allows_something_has_a_case(loop: Loop) -> None:
    loop.answer()
    loop.answer(HAPPY, USE)
    assert Case.objects.count() == 0
    case = loop.case(USE, text="The queue was endless")
    assert (case.words, case.channels, case.severity, case.state) == (True, [], "grave", "open")
    other = loop.case(WRITE, answers=CROSS, email="noor@mail.example")
    assert (other.words, other.channels, other.severity) == (False, ["email"], "usual")
    assert loop.entries("surveys.case_opened") == 2


def test_u3_an_answer_is_owed_by_the_shops_own_clock(loop: Loop) -> None:
    at = dt.datetime(2026, 11, 23, 21, 30, tzinfo=dt.UTC)
    with clock.fixed(at):
        case = loop.case(USE)
    assert case.due_at - case.opened_at == dt.timedelta(days=2)


def test_u3_who_says_later_who_they_are_widens_the_case(loop: Loop) -> None:
    case = loop.case(USE)
    response, customer = Response.objects.get(pk=case.response), CustomerId(case.customer or case.pk)
    assert alerts.allowed_later(response=response, customer=customer, consents=[("feedback", "email")])
    case.refresh_from_db()
    assert (case.words, case.channels, Case.objects.count(), steps(case)) == (
        True, ["email"], 1, ["opened", "allowed"],
    )  # fmt: skip


def test_u3_the_manager_is_told_and_owns_it_and_the_mail_names_nobody(loop: Loop) -> None:
    manager, _other = loop.staff(), loop.staff(shops=(1,))
    case = loop.case(USE, WRITE, text="Majed was rude", email="noor@mail.example")
    assert (loop.tell(), loop.tell()) == (1, 0)
    case.refresh_from_db()
    assert (case.owner, steps(case)) == (manager.staff, ["opened", "given"])
    assert loop.mailhost.recipients == [manager.email]
    text = loop.texts_to(manager.email)[0]
    assert (text.count(str(case.pk)), text.count("Majed"), text.count("noor"), text.count("Noor")) == (
        1,
        0,
        0,
        0,
    )


def test_u3_of_several_managers_all_are_told_and_nobody_owns_it(loop: Loop) -> None:
    one, two = loop.staff(), loop.staff(shops=(0, 1))
    case = loop.case(USE)
    loop.tell()
    case.refresh_from_db()
    assert (case.owner, sorted(loop.mailhost.recipients)) == (None, sorted([one.email, two.email]))


def test_u3_without_a_manager_head_office_is_told(loop: Loop) -> None:
    service = loop.staff("service", None)
    loop.case(USE)
    loop.tell()
    assert loop.mailhost.recipients == [service.email]


def test_u3_nobody_sees_a_case_of_another_shop(loop: Loop) -> None:
    case = loop.case(USE)
    other, service = loop.staff(shops=(1,)), loop.staff("service", None)
    assert refused(lambda: queries.get(other, case.pk)) == "case_unknown"
    assert refused(lambda: actions.take_over(staff=other, case=case.pk)) == "case_unknown"
    assert queries.cases(other, Asked(view="all")) == ()
    assert [found.id for found in queries.cases(service, Asked())] == [case.pk]


def test_c4_words_open_for_the_owner_alone_and_each_reading_is_a_use(loop: Loop) -> None:
    case, manager = loop.case(USE, text="The queue was endless"), loop.staff()
    assert refused(lambda: words.read(staff=manager, case=case.pk)) == "case_of_another"
    actions.take_over(staff=manager, case=case.pk)
    assert words.read(staff=manager, case=case.pk) == {"why": "The queue was endless"}
    row = loop.world.owner.execute(
        "SELECT count(*) FROM uses.use u JOIN uses.call c ON c.id = u.call WHERE c.staff = %s",
        [manager.staff],
    ).fetchone()
    assert row == (1,)


def test_c4_words_of_who_asked_only_to_be_written_to_open_once_the_address_is_confirmed(loop: Loop) -> None:
    case, manager = loop.case(WRITE, text="Too loud", email="noor@mail.example"), loop.staff()
    actions.take_over(staff=manager, case=case.pk)
    assert refused(lambda: words.read(staff=manager, case=case.pk)) == "case_words_sealed"
    loop.confirm(case)
    assert words.read(staff=manager, case=case.pk) == {"why": "Too loud"}


def test_u3_a_case_is_given_to_who_has_its_shop_alone(loop: Loop) -> None:
    case, manager = loop.case(USE), loop.staff()
    other, service = loop.staff(shops=(1,)), loop.staff("service", None)
    assert (
        refused(lambda: actions.give(staff=manager, case=case.pk, to=other.staff)) == "case_colleague_unknown"
    )
    actions.give(staff=manager, case=case.pk, to=service.staff)
    case.refresh_from_db()
    assert case.owner == service.staff


def test_u3_what_is_late_goes_up_to_head_office_by_itself(loop: Loop) -> None:
    manager, service = loop.staff(), loop.staff("service", None)
    case = loop.case(USE)
    loop.tell()
    with clock.fixed(clock.now() + dt.timedelta(days=2, hours=1)):
        assert (actions.escalate_late(), queries.get(manager, case.pk).late) == (0, True)
    with clock.fixed(clock.now() + LATER):
        assert (actions.escalate_late(), actions.escalate_late()) == (1, 0)
    case.refresh_from_db()
    assert (case.owner, case.escalated_at is None, loop.entries("surveys.case_escalated")) == (None, False, 1)
    loop.tell()
    assert loop.mailhost.recipients == [manager.email, service.email]


def test_u3_head_office_is_asked_by_hand_with_a_reason(loop: Loop) -> None:
    case, manager = loop.case(USE), loop.staff()
    assert refused(lambda: actions.escalate(staff=manager, case=case.pk, text=" ")) == "case_words_missing"
    actions.escalate(staff=manager, case=case.pk, text="A refund above my limit")
    assert refused(lambda: actions.escalate(staff=manager, case=case.pk, text="Again")) == "case_escalated"


def test_u3_a_case_is_resolved_for_a_reason_and_opened_again(loop: Loop) -> None:
    case, manager = loop.case(USE), loop.staff()
    assert refused(lambda: actions.resolve(staff=manager, case=case.pk, reason="")) == "case_reason_missing"
    actions.resolve(staff=manager, case=case.pk, reason="mended", text="A second till at six")
    assert refused(lambda: actions.take_over(staff=manager, case=case.pk)) == "case_resolved"
    assert loop.entries("surveys.case_resolved") == 1
    actions.reopen(staff=manager, case=case.pk)
    case.refresh_from_db()
    assert (case.state, case.owner, case.resolution) == ("open", manager.staff, "")


def test_r3_a_case_forgets_its_person_and_what_was_written_to_and_about_them(loop: Loop) -> None:
    case, manager = loop.case(USE, WRITE, text="Too loud", email="noor@mail.example"), loop.staff()
    actions.take_over(staff=manager, case=case.pk)
    actions.note(staff=manager, case=case.pk, text="She comes on Fridays")
    replies.reply(staff=manager, case=case.pk, text="We turned it down.")
    customer = CustomerId(case.customer or case.pk)
    told = ending.disclose(customer)[f"case {case.pk}"]
    assert isinstance(told, dict)
    assert [step["what"] for step in told["steps"]] == ["opened", "taken", "note"]
    assert ending.forget(customer) == 1
    case.refresh_from_db()
    assert (case.customer, case.words, case.channels) == (None, False, [])
    assert list(CaseStep.objects.filter(case=case).exclude(text="")) == []
    assert [(one.state, one.text) for one in Reply.objects.all()] == [("refused", "")]
    assert ending.disclose(customer) == {}


def test_u3_a_withdrawal_closes_the_case_and_lets_go(loop: Loop) -> None:
    case = loop.case(USE, text="Too loud", email="noor@mail.example")
    kept = loop.case(USE, email="huda@mail.example")
    loop.confirm(case)
    assert ending.let_go_withdrawn() == 0
    customer = CustomerId(case.customer or case.pk)
    made = loop.admitted[customer]
    gate.prefer(
        loop.world.link(made, "preferences"), purpose="feedback", channel=None, wanted=False, wording="",
        language="en",
    )  # fmt: skip
    assert ending.let_go_withdrawn() == 1
    case.refresh_from_db()
    kept.refresh_from_db()
    assert (case.state, case.resolution, case.customer) == ("resolved", "withdrawn", None)
    assert (kept.state, kept.customer is None) == ("open", False)


def test_u3_cases_end_with_the_answers(loop: Loop) -> None:
    loop.case(USE)
    with clock.fixed(clock.now() + dt.timedelta(days=700)):
        assert ending.end_retention() == 0
    with clock.fixed(clock.now() + dt.timedelta(days=740)):
        assert (ending.end_retention(), Case.objects.count()) == (1, 0)


def test_u3_who_is_told_and_why_a_reply_waits_is_for_the_machine_alone(loop: Loop) -> None:
    case, manager = loop.case(WRITE, email="noor@mail.example"), loop.staff()
    people = [CustomerId(case.customer or case.pk)]

    def asked(session: str) -> object:
        return gate_queries.answerable(session=session, purpose="feedback", channel="email", people=people)

    assert asked(loop.world.session("system")) == {people[0]: "unconfirmed"}
    assert refused(lambda: asked(manager.token)) == "role_refused"
    assert refused(lambda: retailer.to_tell(session=manager.token, shop=None)) == "role_missing"
