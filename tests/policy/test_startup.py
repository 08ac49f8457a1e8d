"""Start-up refuses code that names what the running policy lacks."""

import types

import pytest

from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual
from amana.policy import queries, registry
from amana.policy.refusals import UndeclaredNames
from amana.policy.registry import Uses


def test_declared_names_pass(published: int) -> None:
    queries.refuse_undeclared(
        fields=["email"],
        purposes=["marketing"],
        roles=["system"],
        recipients=["controller"],
        channels=["sms"],
        tasks=["message"],
        sources=["import"],
    )


def test_undeclared_names_are_listed(published: int) -> None:
    with pytest.raises(UndeclaredNames) as caught:
        queries.refuse_undeclared(fields=["email", "soul", "iris"], recipients=["broker"], roles=["king"])
    assert caught.value.names == {"fields": ("iris", "soul"), "recipients": ("broker",), "roles": ("king",)}
    assert caught.value.status == 503
    listed = "(fields: iris, soul; recipients: broker; roles: king)"
    assert caught.value.message == Bilingual(
        ar=f"يستخدم النظام ما لا تذكره السياسة. {listed}",
        en=f"The software uses what the policy does not name. {listed}",
    )


def test_nothing_starts_without_a_policy(transactional_db: None) -> None:
    with pytest.raises(Refusal, match="policy_not_published"):
        queries.refuse_start()


def test_rooms_declare_their_names() -> None:
    one, two, three = (types.ModuleType(name) for name in ("one", "two", "three"))
    one.USES = Uses(fields=frozenset({"email"}), purposes=frozenset({"marketing"}))  # type: ignore[attr-defined]
    two.USES = Uses(fields=frozenset({"name"}))  # type: ignore[attr-defined]
    found = registry.declared([one, two, three])
    assert dict(found) == dict.fromkeys(found, frozenset()) | {
        "fields": frozenset({"email", "name"}),
        "purposes": frozenset({"marketing"}),
    }


def test_a_room_that_declares_otherwise_is_a_bug() -> None:
    room = types.ModuleType("room")
    room.USES = {"fields": ["email"]}  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        registry.declared([room])
