"""Rights: what a person may ask to be done with their own data, and the proof that it was done (R3, R5).

It opens an address under the purpose `rights` alone: to ask its owner whether the request is theirs, and to
hand them the certificate. It never erases anybody whose address did not confirm that very request, never
tells a known address from an unknown one to whoever wrote, and a certificate never names a person.
"""

from amana.policy.registry import Uses

USES = Uses(
    fields=frozenset({"email", "language"}),
    purposes=frozenset({"rights"}),
    roles=frozenset({"data_protection_officer", "service", "system"}),
    channels=frozenset({"email"}),
    tasks=frozenset({"message", "request"}),
)
