"""The network is cut at every point of a sync: each answer arrives exactly once."""

import random

import pytest

from tests.cli.deployment import deployment, until
from tests.surveys.intake.running.tablet import Tablet, tablets, told

CUTS = 200
pytestmark = pytest.mark.xdist_group("surveys-running")


def cut_once(tablet: Tablet, chance: random.Random, number: int) -> None:
    """Cut at a seeded point: the seams of a request and its answer first, then anywhere."""
    whole = len(tablet.request())
    head = tablet.request().index(b"\r\n\r\n") + 4
    seams = [(up, None) for up in (0, 1, head - 4, head, head + 1, whole - 1)] + [
        (None, down) for down in (0, 1, 12, 100, 200)
    ]
    anywhere = [(chance.randrange(whole), None), (None, chance.randrange(400))]
    up, down = seams[number] if number < len(seams) else chance.choice(anywhere)
    tablet.cut(up=up, down=down, hard=chance.random() < 0.5)


def test_u3_every_answer_arrives_once_wherever_the_network_is_cut() -> None:
    chance = random.Random(4)
    with deployment() as place:
        place.prepare()
        server = place.serve("--processes", "1")
        [tablet] = tablets(place, 1, seed=4)
        for number in range(CUTS):
            tablet.answer(chance.randint(1, 3))
            cut_once(tablet, chance, number)
            if chance.random() < 0.2:
                tablet.send()
        assert tablet.send() == 200
        assert tablet.unsent == {}
        held = told(place, "held")
        assert until(lambda: told(place, "held")["waiting"] == 0, 30)
        held = told(place, "held")
        server.terminate()
        server.wait(20)
    assert (held["taken"], held["refused"]) == (dict.fromkeys(tablet.made, 1), {})
    assert held["people"] == tablet.people
