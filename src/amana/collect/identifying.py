"""Hand over what a server of the retailer tells of its users, and browsers whose visitor signed in with us.

The first identify of a user admits somebody new, as a claim like any other, and asks the address's owner by mail to
confirm it; later ones find them again by the user's pseudonym for orders, and admit nothing. A browser's identifier is
attached for the purposes it was allowed for.
"""

from collections.abc import Callable, Mapping
from typing import Final

from django.db import connection, transaction

from amana.collect import pseudonyms
from amana.collect.judging.identity import Handed, Identified
from amana.customers import actions as customers
from amana.customers import letters
from amana.customers.identity import actions as edges
from amana.customers.identity import queries as known
from amana.customers.identity import tokens
from amana.gate import actions as gate
from amana.kernel import births, clock, emails, phones
from amana.kernel.ids import CustomerId
from amana.kernel.refusal import Refusal
from amana.policy import queries as policy
from amana.policy.document import Policy

SOURCE: Final = "website"
# What an account is for: its number stands for a customer whatever else they agreed to.
ACCOUNT: Final = "orders"
MADE_BY: Final = "server_identify"
Drop = Callable[[str, str], None]


def take(told: Identified, drop: Drop) -> None:
    """Admit whom a server names, unless they are known, and attach what was agreed to.

    `drop` is told each trait that cannot be read and why. Raises Refusal where the gate refuses.
    """
    promise = policy.current().policy
    values = _values(told.traits, promise, drop)
    account = pseudonyms.person(ACCOUNT, told.user_id, "user")
    customer = _find_or_admit(account, values, told, promise)
    for purpose in sorted(told.purposes):
        for pseudonym in pseudonyms.persons(purpose, anonymous_id=told.anonymous_id, user_id=told.user_id):
            edges.attach(pseudonym=pseudonym, purpose=purpose, customer=customer, made_by=MADE_BY)


def take_over(handed: Handed) -> None:
    """Attach the browser of somebody who has just signed in, for what they allowed. Nothing else of the call counts.

    Raises Refusal where the word does not hold, or its person is gone.
    """
    word = tokens.take(handed.word, anonymous_id=handed.anonymous_id)
    for purpose in sorted(handed.purposes):
        edges.attach(
            pseudonym=pseudonyms.person(purpose, handed.anonymous_id),
            purpose=purpose,
            customer=word.customer,
            made_by="sign_in",
            includes_before=word.includes_before,
        )


def _find_or_admit(account: str, values: Mapping[str, str], told: Identified, promise: Policy) -> CustomerId:
    with transaction.atomic():
        # Two calls about one new user would admit two people.
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"collect.identify.{account}"]
            )
        edge = known.resolve(purpose=ACCOUNT, pseudonyms=[account]).get(account)
        if edge is not None:
            return edge.customer
        admitted = gate.admit(
            source=SOURCE,
            values=values,
            language="ar" if told.arabic else "en",
            jurisdiction=promise.controller.country,
        )
        edges.attach(pseudonym=account, purpose=ACCOUNT, customer=admitted.customer, made_by=MADE_BY)
        customers.ask_to_confirm(admitted, words=letters.WEBSITE_CONFIRMATION)
        return admitted.customer


def _values(traits: Mapping[str, str], promise: Policy, drop: Drop) -> dict[str, str]:
    """Return the traits by category of the policy, each in the one form the gate takes."""
    found: dict[str, str] = {}
    for name, text in traits.items():
        category = promise.website.traits.get(name)
        if category is None or category == "language":
            continue
        try:
            found[category] = _read(category, text, promise.controller.country)
        except Refusal:
            drop(name, "wrong_type")
    return found


def _read(category: str, text: str, country: str) -> str:
    """Return a value in the form its category is kept in. Raises Refusal."""
    if category == "email":
        return emails.parse(text)
    if category == "mobile":
        return phones.parse_mobile(text, country=country).e164
    if category == "phone":
        return phones.parse(text, country=country).e164
    if category == "birth_date":
        return births.parse(text, today=clock.today(country)).isoformat()
    if category == "gender":
        return {"f": "female", "m": "male"}.get(text.strip().lower(), text.strip().lower())
    return text.strip()
