"""What people decide, by links and through service, and what goes over to a newer record with the same address."""

import pytest
import yaml

from amana.gate import actions, queries
from amana.gate.values import Admitted, Decision, Wish
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from tests.conftest import Clock
from tests.gate import raw
from tests.world import EMAILS, POLICY, World

NOOR = "noor@mail.example"


def mailed(world: World, *people: CustomerId) -> tuple[int, dict[str, int | None]]:
    """Return how many a promotion reaches, and why the others are not."""
    opening = actions.open(
        session=world.session("system"), purpose="marketing", channel="email", fields=["email"],
        task=raw.plan(world, *people),
    )  # fmt: skip
    return len(opening.people), dict(opening.refused)


def decide(world: World, customer: CustomerId, kind: Decision, channel: str | None = "email") -> None:
    """Let an agent record what a customer asked for."""
    task = actions.plan(
        session=world.session("service"), kind="conversation", purpose="service", people=[customer],
        ref="conversation:1",
    )  # fmt: skip
    actions.decide_for(
        session=world.session("service"),
        task=task,
        purpose="marketing",
        channel=channel,
        kind=kind,
        language="ar",
    )


def again(world: World, *wishes: Wish) -> CustomerId:
    """Let Noor fill in another survey and confirm her address."""
    return world.shopper(NOOR, *wishes)


def widened() -> str:
    """Return the example's policy with marketing asked for anew."""
    policy = yaml.safe_load(POLICY.read_text("utf-8"))
    policy["purposes"]["marketing"]["revision"] = 2
    return str(yaml.safe_dump(policy, allow_unicode=True))


def preferences(world: World, customer: CustomerId) -> str:
    """Return a preference link from a message to this customer."""
    task = actions.plan(
        session=world.session("service"), kind="message", purpose="service", people=[customer], ref="reply:1"
    )
    opening = actions.open(
        session=world.session("system"), purpose="service", channel="email", fields=["email"], task=task,
        links=["preferences"],
    )  # fmt: skip
    return opening.people[0].links["preferences"]


def opt_in_link(world: World, token: str) -> str:
    """Ask for e-mails through the preference centre, and return the link that the fresh mail carries."""
    task = actions.prefer(
        token, purpose="marketing", channel="email", wanted=True, wording=EMAILS.wording, language="ar"
    )
    opening = actions.open(
        session=world.session("system"), purpose="confirmation", channel="email", fields=["email"], task=task or 0,
        links=["opt_in"],
    )  # fmt: skip
    return opening.people[0].links["opt_in"]


def test_c5_confirming_twice_says_so(world: World) -> None:
    link = world.link(world.admit(NOOR), "confirm")
    assert [actions.confirm(link, language="ar") for _ in range(2)] == ["confirmed", "already_confirmed"]


def test_consent_goes_over_to_a_newer_record_of_the_address(world: World) -> None:
    old = again(world, EMAILS)
    new = again(world)
    assert mailed(world, old, new) == (1, {"unconfirmed": None})
    assert mailed(world, new) == (1, {})
    assert queries.audit() == []


def test_a_withdrawal_goes_over_and_a_newer_consent_wins(world: World) -> None:
    first = again(world, EMAILS)
    admitted = world.admit(NOOR, EMAILS)
    decide(world, first, "withdrawn")
    actions.confirm(world.link(admitted, "confirm"), language="ar")
    assert mailed(world, first, admitted.customer) == (0, {"no_consent": None})
    assert mailed(world, again(world, EMAILS)) == (1, {})


def test_an_objection_goes_over_even_after_a_withdrawal(world: World) -> None:
    first = again(world)
    decide(world, first, "objected")
    decide(world, first, "withdrawn")
    assert mailed(world, again(world)) == (0, {"objected": None})


@pytest.mark.parametrize("channel", ["email", None])
def test_r1_a_restriction_holds_for_every_record_of_the_address(world: World, channel: str | None) -> None:
    claim = actions.seal_mail(raw=b"stop", sender=NOOR, language="ar", jurisdiction="AE")
    noor = again(world, EMAILS)
    decide(world, claim, "restricted", channel)
    assert mailed(world, noor) == (0, {"restricted": None})
    anew = again(world, EMAILS)
    assert (mailed(world, anew), queries.audit()) == ((0, {"restricted": None}), [])


def test_a_restriction_leaves_what_the_policy_lets_survive(world: World) -> None:
    noor = again(world, EMAILS)
    decide(world, noor, "restricted")
    assert len(preferences(world, noor)) == 66


def test_outdated_consent_is_not_made_new_by_going_over(world: World) -> None:
    again(world, EMAILS)
    world.publish(widened())
    assert mailed(world, again(world)) == (0, {"consent_outdated": None})


def test_a_late_opt_in_counts_for_the_words_that_were_read(world: World) -> None:
    noor = again(world)
    link = opt_in_link(world, preferences(world, noor))
    world.publish(widened())
    actions.opt_in(link)
    assert mailed(world, noor) == (0, {"consent_outdated": None})
    actions.opt_in(opt_in_link(world, preferences(world, noor)))
    assert mailed(world, noor) == (1, {})


def test_a_wish_is_asked_three_times_a_day_and_only_for_what_is_listed(world: World) -> None:
    token = preferences(world, again(world))

    def wish(purpose: str = "marketing", channel: str | None = "email") -> int | None:
        return actions.prefer(
            token, purpose=purpose, channel=channel, wanted=True, wording="x", language="ar"
        )

    with pytest.raises(Refusal, match="channel_undeclared"):
        wish("draws", "push")
    with pytest.raises(Refusal, match="purpose_undeclared"):
        wish("horoscope")
    assert [wish() is not None for _ in range(4)] == [True, True, True, False]


def test_r1_preferences_show_and_withdraw_what_stands(world: World) -> None:
    noor = again(world, EMAILS, Wish("content", None, "Show me"))
    token = preferences(world, noor)
    stands = [(one.purpose, one.channel, one.given, one.objected) for one in queries.standing(token)]
    assert stands == [("content", None, True, False), ("marketing", "email", True, False)]
    for purpose, channel in (("content", None), ("marketing", "email")):
        actions.prefer(token, purpose=purpose, channel=channel, wanted=False, wording="", language="ar")
    assert [one.given for one in queries.standing(token)] == [False, False]
    assert mailed(world, noor) == (0, {"no_consent": None})


def test_withdrawing_what_has_no_channel_reaches_every_record_of_the_address(world: World) -> None:
    first = again(world, Wish("content", None, "Show me"))
    second = again(world)
    token = preferences(world, second)
    actions.prefer(token, purpose="content", channel=None, wanted=False, wording="", language="ar")
    task = actions.plan(
        session=world.session("system"),
        kind="session",
        purpose="content",
        people=[first, second],
        ref="visit:1",
    )
    opening = actions.open(session=world.session("system"), purpose="content", fields=["language"], task=task)
    assert (len(opening.people), opening.refused) == (0, {"no_consent": None})


def test_links_end(world: World, fixed_clock: Clock) -> None:
    admitted: Admitted = world.admit(NOOR, EMAILS)
    link = world.link(admitted, "confirm")
    noor = world.shopper("maha@mail.example", EMAILS)
    forever = world.opt_out_link(noor)[noor]
    fixed_clock.set(fixed_clock.at.replace(month=11, day=30))
    with pytest.raises(Refusal, match="link_expired"):
        actions.confirm(link, language="ar")
    assert queries.look_at_link(link).expired
    fixed_clock.set(fixed_clock.at.replace(year=2036))
    actions.opt_out(forever, language="ar")


def test_decisions_through_service_need_a_live_task_and_a_role(world: World) -> None:
    noor, maha = again(world, EMAILS), world.shopper("maha@mail.example", EMAILS)
    service = world.session("service")

    def code(session: str, task: int) -> str:
        with pytest.raises(Refusal) as refusal:
            actions.decide_for(
                session=session,
                task=task,
                purpose="marketing",
                channel="email",
                kind="withdrawn",
                language="ar",
            )
        return refusal.value.code

    both = actions.plan(
        session=service, kind="conversation", purpose="service", people=[noor, maha], ref="conversation:1"
    )
    assert code(service, both) == "task_unknown"
    assert code(service, raw.plan(world, noor)) == "task_unknown"
    assert code(service, 10**6) == "task_unknown"
    one = actions.plan(
        session=service, kind="conversation", purpose="service", people=[noor], ref="conversation:1"
    )
    assert code(world.session("marketing"), one) == "role_refused"
    assert mailed(world, noor, maha) == (2, {})


def test_r1_who_opted_out_since_a_campaign_is_counted_and_never_named(world: World) -> None:
    people = [world.shopper(f"{n}@mail.example", EMAILS) for n in range(12)]
    links = list(world.opt_out_link(*people).values())

    def counted(session: str) -> int | None:
        return queries.opted_out(session=session, purpose="marketing", ref="campaign:1")

    for link in links[:9]:
        actions.opt_out(link, language="ar")
    assert counted(world.session("marketing")) is None
    for link in links[9:]:
        actions.opt_out(link, language="ar")
    assert counted(world.session("marketing")) == 12
    with pytest.raises(Refusal, match="role_refused"):
        counted(world.session("service"))
