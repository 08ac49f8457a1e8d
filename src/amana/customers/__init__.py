"""Customers: what people may do for themselves by a link in their mail, without an account.

Confirming an address (C5), unsubscribing (R1), choosing what reaches them, seeing who used their data,
confirming
an erasure and taking their receipt (R5). It writes under the purposes `confirmation` and `rights`. It
never opens
an address itself, never tells a known address from an unknown one, and never lets a GET change anything.
"""

from amana.policy.registry import Uses

USES = Uses(
    fields=frozenset({"email", "language"}),
    purposes=frozenset({"confirmation", "rights"}),
    roles=frozenset({"system"}),
    channels=frozenset({"email"}),
    tasks=frozenset({"message", "session"}),
)
