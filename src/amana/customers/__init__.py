"""Customers: what people may do for themselves by a link in their mail or signed in, and whose browser is whose.

Confirming an address (C5), unsubscribing (R1), choosing what reaches them, seeing who used their data, confirming an
erasure and taking their receipt (R5), signing in without a password and carrying a word of it to the website (C2). It
writes under the purposes `confirmation` and `rights`. `identity` keeps which browsers are linked to whom, for which
purpose, and whom staff hold to be one person: rows that are only added. The room never opens an address itself, never
says who somebody is, never tells a known address from an unknown one, and never lets a GET change anything.
"""

from amana.policy.registry import Uses

USES = Uses(
    fields=frozenset({"email", "language"}),
    purposes=frozenset({"confirmation", "rights"}),
    roles=frozenset({"system"}),
    channels=frozenset({"email"}),
    tasks=frozenset({"message", "session"}),
)
