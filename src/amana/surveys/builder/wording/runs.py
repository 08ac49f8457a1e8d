"""A sentence as runs of text: what the house says, what is quoted and reads in a direction of its own, and code."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amana.kernel.text import isolated

_GAP: Final = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of a sentence."""

    text: str
    sort: Literal["plain", "said", "code"] = "plain"


Words: TypeAlias = tuple[Run, ...]


def plain(text: str) -> Words:
    """Return words of the house."""
    return (Run(text),) if text else ()


def said(text: str) -> Words:
    """Return what somebody else wrote, a number or a date: it reads in a direction of its own."""
    return (Run(text, "said"),)


def code(text: str) -> Words:
    """Return an expression as it is written."""
    return (Run(text, "code"),)


def filled(template: str, **parts: Words | str) -> Words:
    """Return a template with its gaps filled: `{s} is {p}`."""
    found: list[Run] = []
    for n, each in enumerate(_GAP.split(template)):
        part = parts[each] if n % 2 else each
        found.extend(plain(part) if isinstance(part, str) else part)
    return tuple(found)


def joined(parts: Sequence[Words], between: str, last: str | None = None) -> Words:
    """Return parts with a word between them, and another one before the last."""
    found: list[Run] = []
    for n, part in enumerate(parts):
        found.extend(plain((last if last and n == len(parts) - 1 else between) if n else ""))
        found.extend(part)
    return tuple(found)


def text_of(words: Words) -> str:
    """Return a sentence as plain text, with what reads in its own direction isolated."""
    return "".join(each.text if each.sort == "plain" else isolated(each.text) for each in words)


def html_of(words: Words) -> SafeString:
    """Return a sentence as it stands in a page."""
    return format_html_join("", "{}", ((_marked(each),) for each in words))


def _marked(run: Run) -> SafeString | str:
    if run.sort == "code":
        return format_html('<code dir="ltr">{}</code>', run.text)
    return format_html("<bdi>{}</bdi>", run.text) if run.sort == "said" else run.text
