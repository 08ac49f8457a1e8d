"""Keep a campaign's batches out of the post room's own round, so that a campaign can be paused.

The post room hands over whatever is due, oldest first: a large campaign would keep every confirmation waiting
behind it, and could not be paused. A batch whose time lies afar is left to this room's own job.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from amana.kernel import clock
from amana.post.models import Batch

AFAR = datetime(9999, 1, 1, tzinfo=UTC)


def keep_back(*, ref: str) -> int:
    """Leave what waits under `ref`, second tries included, to this room's job; return how many batches."""
    return _waiting(ref).exclude(due_at=AFAR).update(due_at=AFAR)


def find_next(*, ref: str, tried: Collection[UUID] = ()) -> UUID | None:
    """Return the oldest batch of `ref` whose turn it is, leaving out those tried already."""
    mine = _waiting(ref).filter(Q(due_at=AFAR) | Q(due_at__lte=clock.now())).exclude(pk__in=list(tried))
    return mine.order_by("task").values_list("pk", flat=True).first()


def _waiting(ref: str) -> QuerySet[Batch]:
    return Batch.objects.filter(ref=ref, taken_at=None, settled_at=None)
