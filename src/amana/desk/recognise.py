"""Recognise what a mail asks for, in Arabic (also as the Gulf writes it) and English, and say why.

A mail is cut into clauses; in each, verbs look for the nearest thing they speak of, and for a negation before
them. "Do not delete my account, just stop the messages" is therefore a wish to leave the list, and nothing else.
The rules decide what a member of staff sees first; an erasure is never carried out on their word alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from re import Pattern

from amana.desk import phrases
from amana.kernel.arabic import normalise

ERASE, UNSUBSCRIBE, ORDER, QUESTION, UNKNOWN = "erase", "unsubscribe", "order", "question", "unknown"
# Why, as codes; the words people read for them stand beside the page that shows them.
REASONS = (
    "asks_to_erase", "says_not_to_erase", "asks_to_leave", "says_not_to_leave", "names_an_order", "asks_something",
    "only_supposes", "nothing_recognised",
)  # fmt: skip
REACH = 4
NEAR = 6
_BREAKS = re.compile(r"[.!?؟،,;؛:\n\r()\"«»]+|\s[-–—]\s")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_REPLY = re.compile(r"^\s*(?:re|fw|fwd|رد|اعاده توجيه|توجيه)\s*:", re.IGNORECASE)
_CONTRACTED = re.compile(r"(ما)((?:ا|ن)?ب(?:ي|غي|غا|غه)|ودي|احتاج|اريد)")
_AND = re.compile(r"[وف](?=\w{3})")
_ACTIONS = (
    phrases.ERASE, phrases.CLOSE, phrases.ERASE_PAST, phrases.STOP, phrases.SEND, phrases.LEAVE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a mail asks for: the intent that is dealt with first, all wishes found, and why."""

    intent: str
    wishes: frozenset[str]
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Clause:
    words: tuple[str, ...]

    def has(self, pattern: Pattern[str]) -> bool:
        return any(pattern.fullmatch(word) for word in self.words)


def recognise(*, subject: str, text: str) -> Recognised:
    """Return what a mail asks for. The subject of a reply is not its writer's and counts for nothing."""
    whole = text if _REPLY.match(normalise(subject)) else f"{subject}\n{text}"
    plain = _plain(whole)
    clauses = tuple(_clauses(whole))
    why: list[str] = list(_by_phrase(plain))
    for clause in clauses:
        why += _wishes(clause, everything=clauses)
    wishes = frozenset(
        wish for code, wish in (("asks_to_erase", ERASE), ("asks_to_leave", UNSUBSCRIBE)) if code in why
    )
    intent, last = _intent(wishes, plain, whole, clauses)
    return Recognised(intent, wishes, tuple(dict.fromkeys([*why, *last])))


def _intent(
    wishes: frozenset[str], plain: str, whole: str, clauses: Sequence[_Clause]
) -> tuple[str, tuple[str, ...]]:
    if ERASE in wishes:
        return ERASE, ()
    if UNSUBSCRIBE in wishes:
        return UNSUBSCRIBE, ()
    if any(_names_order(clause) for clause in clauses):
        return ORDER, ("names_an_order",)
    asks = any(clause.words and phrases.QUESTION.fullmatch(clause.words[0]) for clause in clauses)
    if "?" in whole or "؟" in whole or asks:
        return QUESTION, ("asks_something",)
    return UNKNOWN, ("nothing_recognised",)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(normalise(text)))


def _by_phrase(plain: str) -> Iterator[str]:
    if plain in phrases.ALONE:
        yield "asks_to_leave"
    for phrase in phrases.LEAVE_PHRASES:
        if f" {phrase} " in f" {plain} " and not re.search(
            rf"\b(?:not|dont|never) (?:\w+ )?{phrase}\b", plain
        ):
            yield "asks_to_leave"
    erases = any(phrases.ERASE.fullmatch(_bare(word)) for word in plain.split())
    for phrase in phrases.ERASE_PHRASES:
        # The Arabic ones name everything; only with a verb do they ask to erase it.
        if f" {phrase} " in f" {plain} " and (phrase.isascii() or erases):
            before = plain.partition(phrase)[0].split()[-REACH:]
            if not any(phrases.NOT.fullmatch(word) for word in before):
                yield "asks_to_erase"


def _clauses(text: str) -> Iterator[_Clause]:
    # Cut before normalising, which keeps the signs but joins the lines.
    for part in _BREAKS.split(text.replace("’", "'")):
        words: list[str] = []
        for word in _split(part):
            if phrases.BUT.fullmatch(word) and words:
                yield _Clause(tuple(words))
                words = []
            else:
                words.append(word)
        if words:
            yield _Clause(tuple(words))


def _split(part: str) -> Iterator[str]:
    for word in _WORD.findall(normalise(part)):
        found = _CONTRACTED.fullmatch(word)
        yield from (found[1], found[2]) if found else (word,)


def _bare(word: str) -> str:
    """Take off a leading "and" where a word the rules know is left."""
    rest = word[1:]
    known = any(pattern.fullmatch(rest) for pattern in (*_ACTIONS, phrases.ACCOUNT, phrases.MESSAGE))
    return rest if _AND.match(word) and known else word


def _wishes(clause: _Clause, *, everything: Sequence[_Clause]) -> Iterator[str]:
    words = tuple(_bare(word) for word in clause.words)
    for place, word in enumerate(words):
        code = _wish(word, place, words, clause, everything)
        if code:
            yield code


def _wish(word: str, place: int, words: Sequence[str], clause: _Clause, everything: Sequence[_Clause]) -> str:
    if phrases.LEAVE.fullmatch(word):
        return _asked("leave", place, words, clause)
    if phrases.ERASE.fullmatch(word) or phrases.ERASE_PAST.fullmatch(word):
        return _by_object(word, place, words, clause, everything)
    if phrases.CLOSE.fullmatch(word):
        return _by_closing(place, words, clause)
    if phrases.STOP.fullmatch(word) and _spoken_of(place, words) in ("message", "list", "send"):
        return _asked("leave", place, words, clause)
    if phrases.SEND.fullmatch(word) or phrases.WANT.fullmatch(word):
        return _by_refusing(word, place, words)
    return ""


def _by_object(
    word: str, place: int, words: Sequence[str], clause: _Clause, everything: Sequence[_Clause]
) -> str:
    spoken = _spoken_of(place, words)
    if not spoken and word.endswith(("ه", "ها", "وه", "it", "delete", "erase")):
        elsewhere = any(phrases.ACCOUNT.fullmatch(_bare(other)) for c in everything for other in c.words)
        spoken = "account" if elsewhere else ""
    if spoken in ("message", "list"):
        return _asked("leave", place, words, clause)
    return _asked("erase", place, words, clause) if spoken in ("account", "weak") else ""


def _by_closing(place: int, words: Sequence[str], clause: _Clause) -> str:
    spoken = _spoken_of(place, words)
    if spoken in ("message", "list"):
        return _asked("leave", place, words, clause)
    return _asked("erase", place, words, clause) if spoken == "account" else ""


def _by_refusing(word: str, place: int, words: Sequence[str]) -> str:
    """Take "do not send me", "I do not want your offers" as wishes to leave; of an order they say nothing."""
    if not _negated(place, words) or any(phrases.ORDER.fullmatch(other) for other in words):
        return ""
    if any(phrases.ERASE.fullmatch(other) or phrases.CLOSE.fullmatch(other) for other in words[place:]):
        return ""
    anything = {"شي", "اي", "ي", "anything", "me", "us", "لي", "لنا"} & set(words[place + 1 :])
    to_me = word.endswith(("وني", "ني", "لي")) or phrases.TO_ME.fullmatch(word) is not None
    about = _spoken_of(place, words) in ("message", "list")
    if phrases.WANT.fullmatch(word):
        return "asks_to_leave" if about else ""
    return "asks_to_leave" if about or anything or to_me else ""


def _spoken_of(place: int, words: Sequence[str]) -> str:
    """Return the kind of thing nearest to a verb: after it first, or else before it."""
    after = _first_thing(words[place + 1 : place + 1 + NEAR])
    if after == "weak" and any(phrases.LIST.fullmatch(word) for word in words[place:]):
        return "list"
    if after == "weak" and any(phrases.MESSAGE.fullmatch(word) for word in words[place + 2 :]):
        return "message"
    return after or _first_thing(tuple(reversed(words[max(0, place - NEAR) : place])))


def _first_thing(words: Sequence[str]) -> str:
    kinds = (
        ("order", phrases.ORDER), ("account", phrases.ACCOUNT), ("list", phrases.LIST),
        ("message", phrases.MESSAGE), ("weak", phrases.WEAK), ("send", phrases.SEND),
    )  # fmt: skip
    found = ""
    for word in words:
        kind = next((name for name, pattern in kinds if pattern.fullmatch(word)), "")
        if phrases.ORDER_SAID.fullmatch(word) and not found:
            kind = "order"
        if kind and kind not in ("send", "weak"):
            return kind
        found = found or kind
    return found


def _asked(wish: str, place: int, words: Sequence[str], clause: _Clause) -> str:
    supposed = any(phrases.IF.fullmatch(word) for word in words[:place])
    negated = _negated(place, words)
    if negated and (phrases.ERASE_PAST.fullmatch(words[place]) or clause.has(phrases.STILL)):
        return f"asks_to_{wish}"
    if supposed and not negated:
        return "only_supposes"
    if any(phrases.AGAIN.fullmatch(word) for word in words[:place]):
        return ""
    return f"says_not_to_{wish}" if negated else f"asks_to_{wish}"


def _negated(place: int, words: Sequence[str]) -> bool:
    """Tell whether a verb is denied: by a word just before it, with no other verb between."""
    for other in range(place - 1, max(-1, place - 1 - REACH), -1):
        if phrases.UNABLE.fullmatch(words[other]):
            return False
        if phrases.NOT.fullmatch(words[other]):
            return words[other] not in ("cannot", "cant")
        if any(pattern.fullmatch(words[other]) for pattern in _ACTIONS):
            return False
    return False


def _names_order(clause: _Clause) -> bool:
    said = clause.has(phrases.ORDER_SAID)
    return clause.has(phrases.ORDER) or (said and any(phrases.ORDER_NUMBER.search(w) for w in clause.words))
