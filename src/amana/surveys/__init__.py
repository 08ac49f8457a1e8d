"""Surveys: what people say about a visit to a shop, of their own accord (C1, C4).

It asks for opinions under `feedback` (U3) and, with the consents ticked, hands everything to the gate as
the claim of somebody new. Only the rating stays here, in a row that names nobody. It never ticks a consent in
advance, never asks what the policy does not list, and never tells a known address from an unknown one.
"""

from amana.policy.registry import Uses

USES = Uses(
    fields=frozenset(
        {"name", "email", "mobile", "birth_date", "opinion", "gender", "nationality", "city", "language"}
    ),
    sources=frozenset({"survey"}),
)
