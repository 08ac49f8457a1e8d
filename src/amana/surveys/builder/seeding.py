"""Put the first surveys of a retailer in place: read from its folder, published, and open everywhere."""

from pathlib import Path
from typing import Final

from amana.surveys.builder import actions, queries
from amana.surveys.definition import parsing
from amana.surveys.models import Survey

FOLDER: Final = "surveys"
# The first is what a shop asks its visitors; the other follows a purchase.
FIRST: Final = {"visit": ("tablet", "qr", "web", "link"), "product": ("web", "link")}


def seed(*, staff: int, folder: Path) -> tuple[int, ...]:
    """Create, publish and open the surveys of `folder`, leaving those that stand already; return their numbers.

    Call it after the policy was published. Raises DefinitionInvalid, Refusal survey_incomplete, policy_not_published.
    """
    return tuple(
        _seed(staff, path)
        for path in sorted(
            folder.glob("*.json"), key=lambda path: (path.stem not in FIRST, path.stem != "visit")
        )
    )


def _seed(staff: int, path: Path) -> int:
    known = Survey.objects.filter(slug=path.stem).first()
    if known is not None:
        return known.pk
    made = actions.create(staff=staff, definition=parsing.loads(path.read_bytes()), slug=path.stem)
    actions.publish(staff=staff, survey=made, at=queries.get_draft(made).revision)
    actions.place(staff=staff, survey=made, shop=None, ways=FIRST.get(path.stem, ("link",)))
    return made
