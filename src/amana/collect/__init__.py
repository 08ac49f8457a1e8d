"""The website: what visitors do there, and what a browser sends by itself (C2, N1).

It takes in events for no purpose of its own: each event names in the policy's section `website` the purposes it may
serve, and an event without one is only counted. It never keeps an address of a visitor, a cookie without consent, or
an event or property the notice does not declare; what is dropped is counted, never kept. An identifier becomes one
pseudonym for each purpose its owner agreed to, and none without; traits that identify go through the gate.
"""

from amana.policy.registry import Uses

USES = Uses(purposes=frozenset({"orders"}), sources=frozenset({"website"}))
