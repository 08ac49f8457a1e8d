"""Notice, in words, what nobody asked for: health, religion, a child who is named, other people.

Rules and lists, so that a reason can be given; what is found is a candidate, and a person decides. Polite speech of the
Gulf (God willing, thanks be to God), talk of shops and seasons, and one's own number are left alone.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import phonenumbers

from amana.kernel import arabic, digits
from amana.kernel.phones import GULF
from amana.surveys.reading import words

KINDS: Final = ("health", "religion", "child", "third_person")
HERE: Final = Path(__file__).parent
_PIECES: Final = re.compile(r"[.!?؟؛;\n]+|[,،]\s+")
_PERSON: Final = re.compile(
    r"(?<!\w)(?:i|im|ive|me|my|our|we|his|her|she|he|mother|mum|mom|father|dad|wife|husband|son|daughter|child|baby|sister|"
    r"brother|grandmother|grandma|grandfather|friend|aunt|uncle|"
    r"[وفبل]?(?:انا|احنا|عندي|عندنا|عندها|عنده|فيني|لاني|لانه|لانها|امي|ام|ابوي|ابي|والدي|والدتي|الوالده|الوالد|زوجي|"
    r"زوجتي|ولدي|ابني|بنتي|طفلي|طفلتي|اختي|اخوي|اخي|جدتي|جدي|خالتي|عمتي|خالي|عمي|صديقتي|ربيعتي|بشرتي|جلدي|رجلي|ركبتي|"
    r"ظهري|قلبي|سويت|عملت|معي|معاي|احتاج|وزني|\w{3,}ني))(?!\w)"
)
# Something of somebody's body that is hurt or oversensitive.
_HURT: Final = re.compile(
    r"(?<!\w)(?:broke|broken|fractured|sprained|injured|twisted|tore|operated on) (?:my|his|her)(?: \w+)? "
    r"(?:leg|arm|foot|ankle|wrist|hip|knee|back|hand|shoulder|toe|finger|rib|nose|ligament|collarbone|elbow)"
    r"|(?<!\w)(?:my|his|her) (?:\w+ )?(?:leg|arm|foot|ankle|wrist|hip|knee|hand|shoulder) (?:is|was|are) "
    r"(?:broken|fractured|in plaster|in a cast|injured|swollen|sprained|operated)"
    r"|(?<!\w)(?:expecting (?:a baby|a child|twins|in|next|our)|(?:i|she) (?:am|is) due in)"
    r"|(?<!\w)(?:انكسر|انكسرت|كسرت|مكسوره|مكسور|تعورت|متعوره|متعور|انلوت|التوت|ملتويه|مجبسه|مجبس)\s+\w*"
    r"(?:رجل|يد|ايد|ظهر|كتف|ركب|كاحل|قدم|ساق|اصبع|ضلع|معصم)"
    r"|(?<!\w)(?:رجل|يد|ايد|كتف|ركب|قدم|ساق|كاحل)\w* (?:مكسور|متعور|مجبس|منتفخ|ملتوي)"
    r"|(?<!\w)(?:جلد|بشر)\w+ (?:\w+ )?(?:يتحسس|تتحسس|تحسس|حساس)|(?<!\w)(?:تحسست|اتحسس|نتحسس) من"
    r"|(?<!\w)نوب[هة]\s+(?:هلع|ربو|صرع|قلق)|(?<!\w)التهاب(?:ات)?\s"
)
_SICK_OF: Final = re.compile(r" sick (?:of|and tired) ")
# Somebody's child, as a name, a school or an age follows.
_CHILD: Final = re.compile(
    r"(?<!\w)(?:my|our|her|his)\s+(?:(?:little|youngest|eldest|oldest|older|younger|baby|\d\d?\s*-?\s*years?\s*-?\s*old)\s+)*"
    r"(?:son|daughter|child|kid|boy|girl|baby|toddler|grandson|granddaughter|nephew|niece|twins)"
    r"|(?<!\w)[وفبل]?(?:ولدي|ولدنا|ابني|ابننا|بنتي|بنتنا|ابنتي|طفلي|طفلتي|حفيدي|حفيدتي|بنت اختي|ولد اختي|بنت اخوي|"
    r"ولد اخوي|بناتي|عيالي|اطفالي|توامي|بنوتتي|بنوتتنا|"
    r"طفلنا|طفلتنا|توامنا|عيالنا|اولادي|اولادنا|بنيتي|"
    r"وليدي|ولد اخي|بنت اخي|ابن اخي|ابن اختي|ابنه اختي)(?!\w)"
)
_SHORTEST: Final = 3
_LONGEST: Final = 5
_SCHOOL: Final = re.compile(
    r"(?:studies|study|goes to|is in grade|in grade|grade \d|kg ?[12]|class \d|kindergarten at|school named)"
    r"|(?:يدرس|تدرس|بالصف|في الصف|صف (?:اول|ثاني|ثالث|رابع|خامس|سادس)|مدرسته|مدرستها|روضه)(?!\w)"
)
_BORN: Final = re.compile(
    r"(?:born on|date of birth|dob|birthday is|مواليد \d|تاريخ ميلاد|مولود(?:ه)? (?:في|يوم))"
)
_PREFIX: Final = r"[وبلف]?(?:ال)?"
_TOGETHER: Final = re.compile(r"^(?:[وف]?[بلك]?ال|[وف]|ب)(?=[\u0621-\u064a]{4})")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PLATE: Final = re.compile(
    r"(?:plate|number plate|car number|vehicle number|licen[cs]e plate|"
    r"رقم (?:ال)?لوح[هة]|لوح[هةت]\w{0,2}|سيار[هة] رقم|رقم السيار[هة])\D{0,24}\d{1,5}"
    r"|(?<!\w)(?:dubai|sharjah|abu dhabi|ajman|rak|fujairah|دبي|الشارق[هة]|ابوظبي|عجمان)\s+[a-z]{1,2}\s?\d{3,5}(?!\w)"
    r"|(?<!\w)(?:[ابحدرسصطعقكلمنهوي]\s){3}\d{1,4}(?!\w)"
)


def found(text: str) -> frozenset[str]:
    """Return the kinds of what a text may tell that nobody asked for."""
    western = digits.to_western(text)
    kinds = set(_third_persons(western))
    if not _CHILD.search(words.plain(text)) and any(_written_as_names(text)):
        kinds.add("third_person")
    for piece in filter(None, _PIECES.split(text)):
        kinds |= set(_in_piece(piece))
    return frozenset(kinds)


def _in_piece(piece: str) -> Iterator[str]:
    plain = _polite().sub(" ", words.plain(re.sub(r"['’]", "", piece)))
    spaced = _SICK_OF.sub(" ", _spaced(plain))
    names = _names(spaced)
    if _tells_of_health(plain, names):
        yield "health"
    if _any(names, "religion sure") or _faithful().search(spaced):
        yield "religion"
    child = _CHILD.search(plain)
    named = bool(child and _named_after(piece, plain, child.end()))
    if named or (child and (_SCHOOL.search(plain) or _BORN.search(plain))):
        yield "child"
    # Whoever names their own child speaks of the child, and of nobody else by that.
    if not named and any(_named_others(piece)):
        yield "third_person"


def _spaced(plain: str) -> str:
    """Return the words of a text between spaces, and once more without what Arabic writes together with a word."""
    found = words.split(plain)
    bare = [_TOGETHER.sub("", word) for word in found]
    return f" {' '.join(found)} . {' '.join(bare)} "


def _tells_of_health(plain: str, names: frozenset[str]) -> bool:
    if _any(names, "health sure") or _HURT.search(plain):
        return True
    return _any(names, "health near") and bool(_PERSON.search(plain))


def _any(names: frozenset[str], heading: str) -> bool:
    return not names.isdisjoint(_listed("sensitive.txt")[heading])


def _names(spaced: str) -> frozenset[str]:
    """Return each word and each few words that follow each other: what may be looked up in a list."""
    found = spaced.split()
    return frozenset(
        " ".join(found[place : place + many])
        for many in range(1, _LONGEST + 1)
        for place in range(len(found) - many + 1)
    )


def _named_after(piece: str, plain: str, end: int) -> bool:
    """Tell whether one of the next words after a child is a name."""
    following = words.split(plain[end : end + 40])[:4]
    if any(_is_name(word, introduced=place < 2) for place, word in enumerate(following)):
        return True
    written = re.search(
        r"(?:son|daughter|child|kid|boy|girl|baby|nephew|niece|grandson|granddaughter|twins|toddler|named|called),?\s+([A-Z][a-z]{2,})",
        piece,
    )
    return bool(written and written[1].lower() not in _listed("sensitive.txt")["no names"])


def _named_others(piece: str) -> Iterator[bool]:
    plain = _polite().sub(" ", words.plain(piece))
    tokens = words.split(plain)
    follow = _listed("sensitive.txt")["names follow"]
    for place, token in enumerate(tokens):
        before = " ".join(tokens[max(0, place - 3) : place])
        last = tokens[place - 1] if place else ""
        introduced = bool(_introduces().search(before) or _introduces_arabic().fullmatch(last))
        named = _is_name(token, introduced=introduced) or (last in follow and len(token) >= _SHORTEST)
        if named and not _own_words().search(before):
            yield True


def _written_as_names(text: str) -> Iterator[bool]:
    """Give whether what is written with a capital letter, after a word for a person, is no word of another kind."""
    for written in _capital_after().finditer(text):
        yield written[1].lower() not in _listed("sensitive.txt")["no names"]


def _is_name(token: str, *, introduced: bool) -> bool:
    known = _listed("names.txt")
    bare = token[1:] if token[:1] in "ولب" and token[1:] in known["sure"] else token.removeprefix("لل")
    return bare in known["sure"] or (introduced and bare in known["also"])


def _third_persons(western: str) -> Iterator[str]:
    lowered = arabic.normalise(western)
    for address in _EMAIL.finditer(lowered):
        if not _own(lowered, address.start()):
            yield "third_person"
    if _PLATE.search(lowered):
        yield "third_person"
    for number in _numbers(western):
        if not _own(arabic.normalise(western[:number]), None):
            yield "third_person"


def _own(lowered: str, at: int | None) -> bool:
    return bool(_own_words().search(lowered[:at][-60:]))


def _numbers(western: str) -> Iterator[int]:
    """Give where telephone numbers begin; shorter and longer runs of digits are orders, prices or sizes."""
    for region in GULF:
        for match in phonenumbers.PhoneNumberMatcher(western, region):
            yield match.start


def _one_of(heading: str) -> str:
    longest_first = sorted(_listed("sensitive.txt")[heading], key=lambda name: (-len(name), name))
    return "|".join(re.escape(name) for name in longest_first)


@lru_cache(maxsize=1)
def _polite() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_one_of('polite')})(?!\w)")


@lru_cache(maxsize=1)
def _faithful() -> re.Pattern[str]:
    """Whoever says of which faith they are, with a word or two between."""
    faiths, oneself = _one_of("faiths"), _one_of("says of oneself")
    return re.compile(rf" (?:{oneself}) (?:[^ .]+ ){{0,2}}(?:{faiths})s? ")


@lru_cache(maxsize=1)
def _introduces() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_one_of('introduces')}|{_one_of('leads to')})$")


@lru_cache(maxsize=1)
def _capital_after() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?i:{_one_of('introduces')})[.,]?\s+([A-Z][a-z]{{2,}})(?!\w)")


@lru_cache(maxsize=1)
def _introduces_arabic() -> re.Pattern[str]:
    return re.compile(rf"{_PREFIX}(?:{_one_of('introduces arabic')})")


@lru_cache(maxsize=1)
def _own_words() -> re.Pattern[str]:
    """Whoever speaks of themselves names nobody else."""
    return re.compile(rf"(?<!\w)(?:{_one_of('own')})\W*(?:is|on|at|number|no|هو|على|علي)?\W*$")


@lru_cache(maxsize=4)
def _listed(file: str) -> dict[str, frozenset[str]]:
    lists: dict[str, frozenset[str]] = {}
    for line in (HERE / file).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            heading, _, names = line.partition(":")
            plain = (" ".join(words.split(name)) for name in names.split(","))
            lists[heading] = lists.get(heading, frozenset()) | frozenset(filter(None, plain))
    return lists


def kinds_of(texts: Collection[str]) -> frozenset[str]:
    """Return the kinds of what several texts of one person may tell that nobody asked for."""
    return frozenset(kind for text in texts for kind in found(text))
