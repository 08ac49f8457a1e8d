"""What nobody should have told us: held at once, purged when due, freed only by an officer."""

import datetime as dt

import pytest

from amana.gate import actions as gate
from amana.kernel import clock
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.surveys.models import Candidate, Theme
from amana.surveys.reading import keeping_back
from amana.surveys.reading.keeping_back import CandidateRefused
from tests.surveys.reading.conftest import FEEDBACK, Visitors, person

pytestmark = pytest.mark.django_db(transaction=True)
TELLING = "My mother has diabetes and your cashier Naveed was rude"


def read_as(visitors: Visitors, role: str, purpose: str, kind: str, customer: CustomerId) -> list[str]:
    """Return what somebody with a role reads of a customer's words."""
    session = visitors.world.session(role)
    task = gate.plan(session=session, kind=kind, purpose=purpose, people=[customer], ref="surveys:test")
    opening = gate.open(session=session, purpose=purpose, fields=["opinion"], task=task)
    return [one.values["opinion"] for one in opening.people if "opinion" in one.values]


def test_what_tells_too_much_is_held_at_once_and_opens_for_the_officer_alone(visitors: Visitors) -> None:
    customer = CustomerId(person(visitors.write(TELLING, FEEDBACK)))
    assert read_as(visitors, "analyst", "feedback", "answer", customer) == [TELLING]
    visitors.read()
    assert list(Candidate.objects.order_by("kind").values_list("kind", "state", "field")) == [
        ("health", "held", "opinion"), ("third_person", "held", "opinion"),
    ]  # fmt: skip
    assert read_as(visitors, "analyst", "feedback", "answer", customer) == []
    assert read_as(visitors, "data_protection_officer", "rights", "request", customer) == [TELLING]


def test_harmless_words_are_left_alone(visitors: Visitors) -> None:
    visitors.write("Alhamdulillah, the Eid offers for children's clothes were great", FEEDBACK)
    visitors.read()
    assert Candidate.objects.count() == 0


def test_it_is_purged_when_the_policy_says_and_no_sooner(visitors: Visitors) -> None:
    customer = CustomerId(person(visitors.write(TELLING, FEEDBACK)))
    visitors.read()
    due = Candidate.objects.values_list("due_at", flat=True)[0]
    assert (due - clock.now()).days in (6, 7)
    assert keeping_back.purge_due() == 0
    with clock.fixed(due + dt.timedelta(seconds=1)):
        assert keeping_back.purge_due() == 1
    assert set(Candidate.objects.values_list("state", "customer")) == {("purged", None)}
    assert read_as(visitors, "data_protection_officer", "rights", "request", customer) == []
    assert Theme.objects.filter(customer=customer).exists()


def test_an_officer_frees_a_false_alarm_only_when_nothing_else_was_found_in_it(visitors: Visitors) -> None:
    customer = CustomerId(person(visitors.write(TELLING, FEEDBACK)))
    visitors.read()
    officer = visitors.world.session("data_protection_officer")
    first, second = Candidate.objects.order_by("id").values_list("id", flat=True)
    keeping_back.release(session=officer, staff=1, candidate=first)
    assert read_as(visitors, "analyst", "feedback", "answer", customer) == []
    keeping_back.release(session=officer, staff=1, candidate=second)
    assert read_as(visitors, "analyst", "feedback", "answer", customer) == [TELLING]
    with pytest.raises(CandidateRefused, match="candidate_settled"):
        keeping_back.release(session=officer, staff=1, candidate=second)


def test_nobody_but_an_officer_frees_anything(visitors: Visitors) -> None:
    visitors.write("My mother has diabetes", FEEDBACK)
    visitors.read()
    number = Candidate.objects.get().pk
    with pytest.raises(Refusal, match="role_refused"):
        keeping_back.release(session=visitors.world.session("analyst"), staff=1, candidate=number)
    assert Candidate.objects.get().state == "held"


def test_an_officer_may_purge_at_once(visitors: Visitors) -> None:
    visitors.write(TELLING, FEEDBACK)
    visitors.read()
    number = Candidate.objects.order_by("id").values_list("id", flat=True)[0]
    keeping_back.purge(session=visitors.world.session("data_protection_officer"), staff=7, candidate=number)
    assert set(Candidate.objects.values_list("state", "settled_by")) == {("purged", 7)}


def test_whatever_a_crash_left_found_is_held_by_the_next_job(visitors: Visitors) -> None:
    customer = CustomerId(person(visitors.write("My mother has diabetes", FEEDBACK)))
    visitors.read()
    Candidate.objects.update(state="found")
    assert keeping_back.hold_found() == 0
    assert Candidate.objects.get().state == "held"
    assert read_as(visitors, "analyst", "feedback", "answer", customer) == []


def test_a_photo_that_shows_too_much_is_reported_and_held(visitors: Visitors) -> None:
    taken = visitors.write("See the photo", FEEDBACK, photo="/9j/4AAQ")
    keeping_back.report(response=taken.id, field="receipt_photo", kind="third_person", staff=3)
    keeping_back.report(response=taken.id, field="receipt_photo", kind="third_person", staff=3)
    assert keeping_back.hold_found() == 1
    assert list(Candidate.objects.values_list("field", "state")) == [("receipt_photo", "held")]
    with pytest.raises(CandidateRefused, match="candidate_unknown"):
        keeping_back.report(response=taken.id, field="name", kind="third_person", staff=3)
