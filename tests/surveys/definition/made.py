"""Small surveys for tests, and the two of the first retailer."""

from pathlib import Path

from amana.surveys.definition import parsing
from amana.surveys.definition.document import Choice, Definition, Question, Section, Text

FOLDER = Path(__file__).parents[3] / "examples" / "redtag" / "surveys"


def example(name: str) -> Definition:
    """Return a survey of the first retailer."""
    return parsing.loads((FOLDER / f"{name}.json").read_bytes())


def both(text: str) -> Text:
    """Return a text in both languages."""
    return Text(ar=f"{text} بالعربية", en=text)


def choices(*names: str) -> tuple[Choice, ...]:
    """Return choices by their names."""
    return tuple(Choice(name=name, label=both(name)) for name in names)


def small(*questions: Question) -> Definition:
    """Return a survey of one section, complete in both languages."""
    asked = questions or (
        Question(name="mood", kind="smiley", label=both("How was it?")),
        Question(name="found", kind="single", label=both("Found it?"), choices=choices("yes", "no")),
        Question(name="why", kind="long_text", label=both("Why?"), category="opinion"),
    )
    section = Section(name="first", title=both("First"), questions=asked)
    return Definition(title=both("Small"), intro=both("Hello"), thanks=both("Thanks"), sections=(section,))
