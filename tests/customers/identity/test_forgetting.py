"""What the room keeps of a person is shown to them, and goes with them; whoever was merged with them stays whole."""

import pytest

from amana.customers import holding
from amana.customers.identity import actions, queries
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.database import Connection
from tests.gate.operations import erase
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
BROWSERS = tuple(letter * 32 for letter in "abc")
COUNT = """
SELECT (SELECT count(*) FROM public.customers_edge) + (SELECT count(*) FROM public.customers_detachment)
    + (SELECT count(*) FROM public.customers_conflict) + (SELECT count(*) FROM public.customers_settlement)
    + (SELECT count(*) FROM public.customers_merge) + (SELECT count(*) FROM public.customers_undo)
    + (SELECT count(*) FROM consent.together) + (SELECT count(*) FROM consent.held)"""


def people(world: World) -> tuple[CustomerId, ...]:
    """Return three shoppers with a browser each."""
    found = tuple(world.shopper(f"{name}@mail.example") for name in ("noor", "salem", "huda"))
    for customer, browser in zip(found, BROWSERS, strict=True):
        actions.attach(pseudonym=browser, purpose="content", customer=customer, made_by="sign_in")
    return found


def test_r5_forgetting_one_of_merged_people_leaves_the_others_whole(world: World) -> None:
    noor, salem, huda = people(world)
    service = world.session("service")
    actions.merge(survivor=salem, other=huda, session=service, reason="One mobile.")
    actions.merge(survivor=noor, other=salem, session=service, reason="One mobile.")
    erase(world, salem)
    assert [queries.whole_of(who) for who in (noor, huda)] == [noor, huda]
    assert [len(queries.pseudonyms_of(who)) for who in (noor, salem, huda)] == [1, 0, 1]
    assert (queries.history_of(salem), queries.merges_of(salem)) == ((), ())


def test_r5_nothing_is_left_of_anybody(world: World, owner_connection: Connection) -> None:
    noor, salem, huda = people(world)
    service = world.session("service")
    for customer in (noor, salem):
        actions.attach(pseudonym=BROWSERS[2], purpose="content", customer=customer, made_by="sign_in")
    first, _ = queries.conflicts()
    actions.settle(conflict=first.id, outcome="kept", session=service, reason="Her phone.")
    made = actions.merge(survivor=noor, other=salem, session=service, reason="One mobile.")
    actions.undo(merge=made, session=service, reason="Two people.")
    actions.merge(survivor=huda, other=noor, session=service, reason="One mobile.")
    actions.detach(edge=queries.pseudonyms_of(salem)[0].id, customer=salem)
    for customer in (noor, salem, huda):
        erase(world, customer)
    assert owner_connection.execute(COUNT).fetchone() == (0,)


def test_whoever_is_erased_is_attached_to_nothing_any_more(world: World) -> None:
    noor = people(world)[0]
    erase(world, noor)
    with pytest.raises(Refusal, match="person_unknown"):
        actions.attach(pseudonym=BROWSERS[0], purpose="content", customer=noor, made_by="sign_in")


def test_r3_a_person_sees_their_own_and_nothing_of_whom_they_were_merged_with(world: World) -> None:
    noor, salem, _ = people(world)
    actions.merge(
        survivor=noor, other=salem, session=world.session("service"), reason="Called from his phone."
    )
    shown = holding.disclose(salem)
    assert sorted(key.split()[0] for key in shown) == ["browser", "merge"]
    for secret in (str(noor), BROWSERS[0], "Called"):
        assert secret not in str(shown)
