"""Patterns of `regex()`: a subset that is matched in time linear in the text, whatever somebody writes.

A pattern is compiled to a small program (Pike's construction, as described by Russ Cox, "Regular Expression Matching:
the Virtual Machine Approach"): `["c", [[low, high], …], negated]` takes a character, `["s", a, b]` goes on at both
places, `["j", a]` at one, `["m"]` has matched. The whole text has to match, as in XLSForm.
"""

from typing import Any, Final, TypeAlias

from amana.kernel.text import Bilingual

Instruction: TypeAlias = list[Any]
Program: TypeAlias = list[Instruction]
Ranges: TypeAlias = list[list[int]]

LONGEST: Final = 200
MOST_STEPS: Final = 1000
MOST_TIMES: Final = 100
LONGEST_TEXT: Final = 2000
_HIGHEST: Final = 0x10FFFF
_CLASSES: Final[dict[str, Ranges]] = {
    "d": [[0x30, 0x39], [0x660, 0x669], [0x6F0, 0x6F9]],
    "w": [
        [0x30, 0x39],
        [0x41, 0x5A],
        [0x5F, 0x5F],
        [0x61, 0x7A],
        [0x620, 0x64A],
        [0x660, 0x669],
        [0x6F0, 0x6F9],
    ],
    "s": [[0x09, 0x0D], [0x20, 0x20], [0xA0, 0xA0]],
}
_WRITTEN: Final = Bilingual(ar="النمط غير صحيح عند الموضع {}.", en="The pattern is not right at position {}.")
_LARGE: Final = Bilingual(ar="النمط أكبر من اللازم.", en="The pattern is too large.")


class PatternProblem(Exception):
    """What is wrong with a pattern."""

    def __init__(self, message: Bilingual) -> None:
        super().__init__(message.en)
        self.message = message


def compile(pattern: str) -> Program:
    """Return the program of a pattern. Raises PatternProblem."""
    if len(pattern) > LONGEST:
        raise PatternProblem(_LARGE)
    reader = _Reader(pattern)
    program = reader.choice()
    if reader.at < len(reader.text) and reader.text[reader.at :] != "$":
        raise reader.problem()
    return [*program, ["m"]]


class _Reader:
    """Reads a pattern from the left; programs jump by distance, so that they can be put one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        # How many groups are open: outside of all, `^` and `$` say what holds anyway.
        self.depth = 0

    def problem(self) -> PatternProblem:
        """Return that the pattern is wrong here."""
        return PatternProblem(
            Bilingual(ar=_WRITTEN.ar.format(self.at + 1), en=_WRITTEN.en.format(self.at + 1))
        )

    def peek(self) -> str:
        """Return the next character, or nothing; a dollar sign at the very end is no character."""
        if self.at >= len(self.text) or self.text[self.at :] == "$":
            return ""
        return self.text[self.at]

    def choice(self) -> Program:
        """Return one or more ways, divided by bars."""
        made = self.sequence()
        while self.peek() == "|":
            self.at += 1
            other = self.sequence()
            made = _bounded([["s", 1, len(made) + 2], *made, ["j", len(other) + 1], *other])
        return made

    def sequence(self) -> Program:
        """Return pieces one after the other."""
        made: Program = []
        self.skip("^")
        while self.peek() and self.peek() not in "|)" and not self.skip("$|"):
            made = _bounded(made + self.repeated(self.piece()))
        return made

    def skip(self, anchor: str) -> bool:
        """Step over a sign for an end of the text where a way through it begins or ends, and tell whether it did."""
        if self.depth or not self.text.startswith(anchor, self.at):
            return False
        self.at += 1
        return True

    def piece(self) -> Program:
        """Return one character, class or group."""
        letter = self.text[self.at]
        self.at += 1
        if letter == "(":
            if self.text[self.at : self.at + 2] == "?:":
                self.at += 2
            self.depth += 1
            made = self.choice()
            if self.peek() != ")":
                raise self.problem()
            self.depth -= 1
            self.at += 1
            return made
        if letter == "[":
            return [self.bracket()]
        if letter == ".":
            return [["c", [[0x0A, 0x0A], [0x0D, 0x0D]], True]]
        if letter == "\\":
            return [self.escaped()]
        if letter in "*+?{}^$":
            self.at -= 1
            raise self.problem()
        return [["c", [[ord(letter), ord(letter)]], False]]

    def escaped(self) -> Instruction:
        """Return what stands after a backslash: a class, or the character itself."""
        if self.at >= len(self.text):
            raise self.problem()
        letter = self.text[self.at]
        self.at += 1
        if letter.lower() in _CLASSES:
            return ["c", _CLASSES[letter.lower()], letter.isupper()]
        if letter.isalnum():
            raise self.problem()
        return ["c", [[ord(letter), ord(letter)]], False]

    def bracket(self) -> Instruction:
        """Return a class in square brackets."""
        negated = self.text[self.at : self.at + 1] == "^"
        self.at += negated
        ranges: Ranges = []
        while self.at < len(self.text) and (self.text[self.at] != "]" or not ranges):
            ranges.extend(self.range())
        if self.at >= len(self.text):
            raise self.problem()
        self.at += 1
        return ["c", ranges, negated]

    def range(self) -> Ranges:
        """Return one character of a class, or the characters from one to another."""
        low = self.member()
        if (
            len(low) > 1
            or self.text[self.at : self.at + 1] != "-"
            or self.text[self.at + 1 : self.at + 2] == "]"
        ):
            return low
        self.at += 1
        high = self.member()
        if len(high) > 1 or high[0][0] < low[0][0]:
            raise self.problem()
        return [[low[0][0], high[0][0]]]

    def member(self) -> Ranges:
        """Return one member of a class."""
        if self.at >= len(self.text):
            raise self.problem()
        letter = self.text[self.at]
        self.at += 1
        if letter != "\\":
            return [[ord(letter), ord(letter)]]
        taken = self.escaped()
        if taken[2]:
            raise self.problem()
        found: Ranges = taken[1]
        return found

    def repeated(self, piece: Program) -> Program:
        """Return a piece as often as what follows it says."""
        mark = self.peek()
        if mark not in ("*", "+", "?", "{"):
            return piece
        self.at += 1
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(mark) or self.times()
        if self.peek() in ("*", "+", "?", "{") and self.peek():
            raise self.problem()
        made: Program = []
        for _ in range(least):
            made = _bounded(made + piece)
        if most is None:
            return _bounded([*made, ["s", 1, len(piece) + 2], *piece, ["j", -(len(piece) + 1)]])
        for _ in range(most - least):
            made = _bounded([*made, ["s", 1, len(piece) + 1], *piece])
        return made

    def times(self) -> tuple[int, int | None]:
        """Return how often between curly brackets: `{2}`, `{2,}`, `{2,4}`."""
        inside, closed, _ = self.text[self.at :].partition("}")
        least, comma, most = inside.partition(",")
        if (
            not closed
            or not least.isascii()
            or not least.isdigit()
            or (most and not (most.isascii() and most.isdigit()))
        ):
            raise self.problem()
        low = int(least)
        high = int(most) if most else None if comma else low
        if low > MOST_TIMES or (high is not None and not low <= high <= MOST_TIMES):
            raise self.problem()
        self.at += len(inside) + 1
        return low, high


def _bounded(program: Program) -> Program:
    if len(program) > MOST_STEPS:
        raise PatternProblem(_LARGE)
    return program


def matches(program: Program, text: str) -> bool:
    """Tell whether the whole text matches; one too long for any answer does not."""
    if len(text) > LONGEST_TEXT:
        return False
    places = _follow(program, [0])
    for letter in text:
        code = ord(letter)
        places = _follow(program, [at + 1 for at in places if _takes(program[at], code)])
        if not places:
            return False
    return any(program[at][0] == "m" for at in places)


def _takes(step: Instruction, code: int) -> bool:
    return step[0] == "c" and any(low <= code <= high for low, high in step[1]) is not step[2]


def _follow(program: Program, waiting: list[int]) -> list[int]:
    """Return every place that is reached without taking a character."""
    seen: set[int] = set()
    found: list[int] = []
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        step = program[at]
        if step[0] == "j":
            waiting.append(at + step[1])
        elif step[0] == "s":
            waiting.extend((at + step[1], at + step[2]))
        else:
            found.append(at)
    return found
