"""Desk: the mailbox of customer service, with its conversations and answers (R2, R3, R4, U5).

It opens a mail, and the address it came from, under the purpose `service`, for the one conversation it belongs
to. It never keeps a word or an address of a customer in plain, never carries out an erasure by itself, never
answers a machine, and tells a known sender nothing that a stranger would not be told.
"""

from amana.policy.registry import Uses

USES = Uses(
    fields=frozenset({"email", "language", "message"}),
    purposes=frozenset({"marketing", "service"}),
    roles=frozenset({"data_protection_officer", "service", "system"}),
    channels=frozenset({"email"}),
    tasks=frozenset({"conversation"}),
    sources=frozenset({"service"}),
)
