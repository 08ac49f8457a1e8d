"""A disk that takes not one byte more: tablets keep what they were not told is kept, and nothing waiting is refused."""

from collections.abc import Iterator

import pytest

from tests.cli.deployment import Deployment, until
from tests.cli.disk import full, served_on_small_disks
from tests.surveys.intake.running.tablet import Tablet, tablets, told

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("surveys-running")]
# More answers than the last pages of their tables have room for.
MANY = 400


@pytest.fixture(scope="module")
def served() -> Iterator[Deployment]:
    """Return a deployment that runs as its product starts it, on small disks where they can be mounted."""
    with served_on_small_disks() as made:
        yield made


def _sent(tablet: Tablet) -> bool:
    return tablet.send() == 200 and not tablet.unsent


def test_u3_on_a_full_disk_tablets_keep_their_answers_and_waiting_ones_are_taken_in_later(
    served: Deployment,
) -> None:
    [tablet] = tablets(served, 1, seed=5)
    tablet.answer(MANY)
    assert _sent(tablet)
    # The worker takes in what waits at this moment, or finds the disk full.
    with full(served.data.parent):
        tablet.answer(MANY)
        statuses = [tablet.send() for _ in range(3)]
        kept = len(tablet.unsent)
    assert (statuses, kept) == ([503] * 3, MANY)
    assert until(lambda: _sent(tablet), 30)
    assert until(lambda: told(served, "held")["waiting"] == 0, 60)
    held = told(served, "held")
    assert (held["taken"], held["refused"]) == (dict.fromkeys(tablet.made, 1), {})
    assert held["people"] == tablet.people
