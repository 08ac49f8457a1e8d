"""Photos open one person at a time, and by one function of the room alone."""

import ast
import importlib
from pathlib import Path

import pytest

import amana.surveys
from amana.gate import actions as gate
from amana.gate.values import Wish
from amana.kernel.ids import CustomerId
from amana.surveys import photo
from amana.surveys.photo import PhotoRefused
from tests.world import World

ROOM = Path(amana.surveys.__file__).parent
USE = Wish("feedback", None, "Read my opinion and use it")


def somebody(number: int) -> CustomerId:
    """Admit somebody who sent a photo."""
    return gate.admit(
        source="survey", values={"receipt_photo": f"/9j/{number:04}"}, wishes=[USE], language="en", jurisdiction="AE"
    ).customer  # fmt: skip


def opened(world: World, people: list[CustomerId]) -> str:
    """Open photos as the shop's manager."""
    session = world.session("shop_manager")
    return photo.opened(session=session, kind="answer", purpose="feedback", people=people, ref="surveys:test")


def test_c4_one_photo_opens_and_is_a_use_its_sender_sees(world: World) -> None:
    first = somebody(1)
    assert opened(world, [first]) == "/9j/0001"
    assert world._one("SELECT count(*) FROM uses.task WHERE ref = 'surveys:test'") == 1
    assert world._one("SELECT count(*) FROM uses.call") == 1


def test_c4_photos_of_two_or_of_nobody_are_refused_and_nothing_is_asked(world: World) -> None:
    people = [somebody(1), somebody(2)]
    for asked in (people, people + people, []):
        with pytest.raises(PhotoRefused, match="photo_alone"):
            opened(world, asked)
    assert world._one("SELECT count(*) FROM uses.task WHERE ref = 'surveys:test'") == 0


def constants(path: Path) -> dict[str, str]:
    """Return the texts a module of the room knows by a name, its own and those it imports, as they are written."""
    module = importlib.import_module(".".join(path.relative_to(ROOM.parents[1]).with_suffix("").parts))
    return {name: repr(value) for name, value in vars(module).items() if isinstance(value, str)}


def fields_opened(path: Path) -> list[str]:
    """Return what each call of the gate's door in a file opens, constants by their value."""
    calls = [
        keyword.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "gate.open"
        for keyword in node.keywords
        if keyword.arg == "fields"
    ]
    known = constants(path) if calls else {}
    return [
        ", ".join(known.get(ast.unparse(one), ast.unparse(one)) for one in call.elts)
        if isinstance(call, ast.List)
        else ast.unparse(call)
        for call in calls
    ]


def test_c4_nothing_else_of_the_room_opens_photos() -> None:
    found = {str(path.relative_to(ROOM)): fields_opened(path) for path in sorted(ROOM.rglob("*.py"))}
    assert {name: fields for name, fields in found.items() if fields} == {
        "loop/replies.py": ["fields"],
        "loop/words.py": ["'opinion'"],
        "photo.py": ["'receipt_photo'"],
        "reading/console_kept.py": ["'opinion'"],
        "reading/opening.py": ["'opinion'"],
        "reading/texts.py": ["'opinion'"],
    }
