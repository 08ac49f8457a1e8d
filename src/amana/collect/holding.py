"""What the website's room keeps about a person: the trail they agreed to, one for each purpose."""

from collections.abc import Mapping

from amana.collect.lake import disclosing, forgetting
from amana.collect.lake.spans import Span
from amana.customers.identity import queries as identity
from amana.gate.holdings import Holding
from amana.kernel.ids import CustomerId
from amana.kernel.text import Bilingual


def disclose(customer: CustomerId) -> Mapping[str, object]:
    """Return every event kept under a pseudonym while it stood for this customer, by purpose and number."""
    traces = disclosing.disclose(_spans(customer))
    return {
        f"{trace.purpose} {number}": {
            "at": trace.at.isoformat(),
            "event": trace.event,
            "page": trace.host + trace.path,
            "search": trace.search,
            "properties": trace.properties,
        }
        for number, trace in enumerate(traces, 1)
    }


def forget(customer: CustomerId) -> int:
    """Delete every such event; return how many went.

    The lake commits by itself: where the caller's transaction ends otherwise, the person is still known and the events
    are gone, and forgetting again finds nothing more.
    """
    return forgetting.forget(_spans(customer))


def _spans(customer: CustomerId) -> list[Span]:
    return [
        Span(past.purpose, past.pseudonym, past.starts_at, past.ended_at)
        for past in identity.history_of(customer)
    ]


HOLDING = Holding(
    room="collect",
    title=Bilingual(ar="ما زرته في موقعنا بموافقتك", en="What you visited on our website, as you agreed"),
    columns=frozenset({"lake.trails.person"}),
    disclose=disclose,
    forget=forget,
)
