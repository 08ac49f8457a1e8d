"""Show just enough of an address for its owner to know it again."""

from amana.kernel import emails, phones

HIDDEN = "•••"


def mask_email(address: str) -> str:
    """Write a parsed e-mail address with little left of it: `f•••@g•••.com`.

    The dots do not tell how much they hide; a part of one letter is hidden whole.
    """
    local, _, domain = emails.display(address).rpartition("@")
    name, _, top = domain.rpartition(".")
    return f"{_first(local)}@{_first(name)}.{top}"


def mask_phone(e164: str) -> str:
    """Write an E.164 number with its calling code and last two digits: `+971 ••• 67`.

    Raises ValueError when it is not E.164.
    """
    return f"{phones.calling_code_of(e164)} {HIDDEN} {e164[-2:]}"


def _first(text: str) -> str:
    return (text[0] if len(text) > 1 else "") + HIDDEN
