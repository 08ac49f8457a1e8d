"""Whether what a policy says of surveys holds together with everything else it says."""

import re
from typing import Final

from amana.policy.document import Policy
from amana.policy.durations import Duration
from amana.policy.problems import Blame, blame_unmatched

# A group of fewer than this points at somebody.
LEAST: Final = 10
LONGEST_STALE: Final = Duration(0, 31)
OCCASIONS: Final = frozenset({"after_purchase", "after_conversation"})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check(policy: Policy, blame: Blame) -> None:
    """Note every contradiction of the surveys' part."""
    surveys = policy.surveys
    if surveys.small_groups < LEAST:
        blame(
            "surveys.small_groups",
            ar=f"أقل من {LEAST} قد يدلّ على شخص بعينه.",
            en=f"Fewer than {LEAST} could point at somebody.",
        )
    if surveys.stale_after > LONGEST_STALE:
        blame(
            "surveys.stale_after",
            ar="لا تزيد المدة على 31 يومًا: بعدها قد تكون السياسة المعروضة قديمة.",
            en="At most 31 days: after that the policy that is shown may be an old one.",
        )
    for name in surveys.invites:
        if name not in OCCASIONS:
            blame(f"surveys.invites.{name}", ar="مناسبة غير معروفة.", en="This occasion is unknown.")
    blame_unmatched(
        _NAME,
        blame,
        [(f"surveys.sensitive.{name}", name) for name in surveys.sensitive],
        "الاسم من حروف لاتينية صغيرة وأرقام وشرطة سفلية.",
        "A name has small Latin letters, digits and underscores.",
    )
