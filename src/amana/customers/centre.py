"""What a person sees and changes of what stands: by the link in a mail, or signed in. Both read by a link of theirs."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from amana.customers import actions, own, shown
from amana.gate import evidence
from amana.gate import queries as gate_queries
from amana.kernel.text import reader_language
from amana.policy import queries as policy


def page(token: str, *, done: str) -> dict[str, Any]:
    """Return what the page shows. Raises GateRefused."""
    language = reader_language()
    holder, running = evidence.holder(token), policy.current().policy
    who = shown.reader(running, jurisdiction=holder.jurisdiction, language=language)
    asked = policy.consents(language, holder.jurisdiction)
    groups = shown.groups(asked, gate_queries.standing(token), running, who)
    return {
        "groups": groups,
        "any_on": any(choice.on for group in groups for choice in group.choices),
        "own": own.page(token, customer=holder.customer, who=who, asked=asked),
        "uses": shown.use_rows(gate_queries.uses(token), running, who),
        "done": _done(done),
        "service": running.contacts.service,
    }


def switch(token: str, sent: QueryDict) -> str:
    """Do what a form of the page asks, and return what was done. Raises Refusal."""
    language, wanted = reader_language(), sent.get("switch", "")
    if wanted in own.ACTS:
        return own.ACTS[wanted](token, sent)
    if wanted == "all":
        for stands in gate_queries.standing(token):
            if stands.given:
                actions.switch_off(token, purpose=stands.purpose, channel=stands.channel, language=language)
        return "all"
    purpose, channel = sent.get("purpose", ""), sent.get("channel") or None
    if wanted == "on":
        asked = actions.switch_on(token, purpose=purpose, channel=channel, language=language)
        return "asked" if asked else "later"
    actions.switch_off(token, purpose=purpose, channel=channel, language=language)
    return "off"


def _done(what: str) -> str:
    return {
        "off": gettext("Switched off. It holds from now on, also for what was already planned."),
        "all": gettext("All switched off. It holds from now on, also for what was already planned."),
        "asked": gettext("We sent you a mail. It begins once you confirm there."),
        **own.done(),
        "later": gettext("You asked for several changes today already. Please try again tomorrow."),
    }.get(what, "")
