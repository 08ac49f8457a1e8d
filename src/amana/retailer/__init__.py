"""The retailer's own side: brand, countries, regions and shops; staff, their roles and their sessions.

It serves no purpose of the policy by itself: it tells the gate who is asking, so that the gate can decide.
Everything is kept in the locked schema `retailer` and written only by its functions. It never holds a
customer, never stores a password or a token (only hashes of what is derived from them), and never lets a
caller name who acts: that follows from the session's token alone.
"""

from amana.policy.registry import Uses

STAFF_ROLES = frozenset(
    {
        "marketing",
        "service",
        "analyst",
        "shop_manager",
        "data_protection_officer",
        "administrator",
        "auditor",
    }
)
USES = Uses(roles=STAFF_ROLES | {"system"})
