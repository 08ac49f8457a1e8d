"""Make counts into what a page shows of each question: bars, scores with their intervals, tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from amana.kernel import digits
from amana.kernel.plots import Chart, Series
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition import writing
from amana.surveys.definition.document import Question, Text
from amana.surveys.reading.shown import Reader
from amana.surveys.results import scores, steps
from amana.surveys.results.counting import ROW
from amana.surveys.results.figures import Answers, Cell, Found
from amana.surveys.results.scores import Score

# Points are joined before they are rounded, up to each of these: two groups are rounded, not eleven points.
GROUPS: Final = {"nps": (6, 8, 10), "csat": (3, 5), "smiley": (3, 5), "rating": ()}
SCALES: Final = frozenset({"nps", "csat", "smiley", "rating"})


@dataclass(frozen=True, slots=True)
class Line:
    """One answer: its name, how many gave it (None for too few), its share of those who answered, and that before."""

    code: str
    name: str
    answers: int | None
    share: float | None
    bar: float = 0.0
    start: float = 0.0
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A score as it is read: its value and its interval, in the reader's digits. `span` says what the interval is."""

    name: str
    value: str
    interval: str
    figure: float
    span: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """A table of rows by choices; `heat` from 0 to 4 colours a cell by its share."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[int | None, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What was answered to one question, in one of the shapes it was asked in. `since` is its first version here."""

    name: str
    label: str
    kind: str
    answered: int | None
    lines: tuple[Line, ...] = ()
    score: Told | None = None
    chart: Chart | None = None
    matrix: Matrix | None = None
    since: int | None = None
    before: Told | None = None
    compared: bool = False


def panels(
    versions: Sequence[PublishedVersion], found: Answers, reader: Reader, before: Answers | None = None
) -> tuple[Panel, ...]:
    """Return a panel for each question that was answered; one that a version changed stands once for each shape."""
    made = []
    for question, of_versions, changed in _shapes(versions):
        told = _joined(found, question.name, of_versions)
        if told.whole.answers:
            since = min(each.number for each in of_versions) if changed else None
            earlier = _joined(before or {}, question.name, of_versions)
            panel = _panel(question, told, found, of_versions, reader, since)
            made.append(_compared(panel, question, earlier, reader))
    return tuple(made)


def _compared(panel: Panel, question: Question, earlier: Found, reader: Reader) -> Panel:
    """Return a panel with what was answered in an earlier period beside it."""
    whole = earlier.whole.shown
    if whole is None or panel.answered is None:
        return panel
    cells = earlier.cells if question.choices else {}
    lines = tuple(
        replace(line, before=_share(cells[line.code].shown, whole)) if line.code in cells else line
        for line in panel.lines
    )
    return replace(
        panel, lines=lines, before=score(question.kind, earlier, reader), compared=bool(question.choices)
    )


def _share(shown: int | None, whole: int) -> float | None:
    return min(1.0, shown / whole) if shown is not None and whole else None


def shape(question: Question) -> object:
    """Return what makes answers comparable: how the question was asked, but for the order of its words elsewhere."""
    written = writing.written(question)
    return tuple(
        sorted((key, repr(written.get(key))) for key in ("kind", "label", "choices", "rows", "steps"))
    )


def _shapes(
    versions: Sequence[PublishedVersion],
) -> Iterator[tuple[Question, tuple[PublishedVersion, ...], bool]]:
    """Return each closed question with the versions that asked it alike, in the newest version's order."""
    order: dict[str, dict[object, list[tuple[Question, PublishedVersion]]]] = {}
    for version in versions:
        for question in version.definition.questions():
            if question.closed:
                order.setdefault(question.name, {}).setdefault(shape(question), []).append(
                    (question, version)
                )
    for shapes in order.values():
        for asked in shapes.values():
            yield asked[0][0], tuple(version for _, version in asked), len(shapes) > 1


def whole(found: Answers, name: str) -> Found:
    """Return what was answered to a question in all versions."""
    joined = Found()
    for (question, _version), one in found.items():
        if question == name:
            _join(joined, one)
    return joined


def _join(joined: Found, one: Found) -> None:
    joined.whole.add(one.whole.answers, one.whole.mixing)
    for answer, cell in one.cells.items():
        joined.add(answer, cell.answers, cell.mixing)


def _joined(found: Answers, name: str, versions: Sequence[PublishedVersion]) -> Found:
    joined = Found()
    for version in versions:
        one = found.get((name, version.id))
        if one is not None:
            _join(joined, one)
    return joined


def _panel(
    question: Question, told: Found, found: Answers, versions: Sequence[PublishedVersion], reader: Reader,
    since: int | None,
) -> Panel:  # fmt: skip
    label = text(question.label, reader)
    answered = told.whole.shown
    if answered is None:
        return Panel(question.name, label, question.kind, None, since=since)
    if question.kind == "matrix":
        matrix = _matrix(question, found, versions, reader)
        return Panel(question.name, label, question.kind, answered, matrix=matrix, since=since)
    cells = _cells(question, told)
    lines = _lines(cells, _names(question, cells, reader), answered, reader)
    chart = _bars(lines) if question.kind in SCALES or question.kind == "number" else None
    return Panel(
        question.name,
        label,
        question.kind,
        answered,
        lines,
        score(question.kind, told, reader),
        chart,
        since=since,
    )


def text(said: Text, reader: Reader) -> str:
    """Return a text in the reader's language, or in the other where it is not written."""
    return said.in_(reader.language) or said.en or said.ar


def score(kind: str, found: Found, reader: Reader) -> Told | None:
    """Return the score of a scale, or None where there is none to tell."""
    if kind == "number":
        return _median(found, reader)
    counts = found.scale(*GROUPS[kind]) if kind in SCALES else {}
    if not counts:
        return None
    if kind == "nps":
        return _told(_("Net Promoter Score"), scores.nps(counts), reader, factor=1, sign=True)
    if kind in ("csat", "smiley"):
        return _told(_("Content (4 or 5 of 5)"), scores.content(counts), reader, factor=100, unit="%")
    return _told(_("Mean"), scores.mean(counts), reader, factor=1, places=1)


def _told(
    name: str, found: Score | None, reader: Reader, *, factor: int, unit: str = "", sign: bool = False, places: int = 0
) -> Told | None:  # fmt: skip
    if found is None:
        return None

    def written(value: float) -> str:
        made = f"{value * factor:{'+' if sign else ''}.{places}f}".replace("-", "−")
        made = made.removeprefix("−") if float(f"{value * factor:.{places}f}") == 0 else made
        return digits.localise(made + unit, country=reader.country, language=reader.language)

    return Told(
        name,
        written(found.value),
        f"{written(found.low)}\u00a0…\u00a0{written(found.high)}",
        round(found.value * factor, places),
        _("likely between"),
    )


def _median(found: Found, reader: Reader) -> Told | None:
    if not found.whole.enough:
        return None
    told = steps.quartiles(steps.of_numbers(found))
    if told is None:
        return None
    low, middle, high = (
        digits.localise(steps.plain(round(value, 2)), country=reader.country, language=reader.language)
        for value in told
    )
    return Told(_("Median"), middle, f"{low}\u00a0…\u00a0{high}", told[1], _("the middle half between"))


def _cells(question: Question, told: Found) -> Mapping[str, Cell]:
    """Return the answers in the order they were asked in, with those nobody gave; numbers and dates in steps."""
    if question.kind == "number":
        return {step.name: step.cell for step in steps.of_numbers(told)}
    if question.kind == "date":
        return steps.of_dates(told)
    if question.bounds:
        codes = [str(points) for points in range(question.bounds[0], question.bounds[1] + 1)]
    else:
        codes = [choice.name for choice in question.choices]
    return {code: told.cells.get(code, Cell()) for code in codes}


def _names(question: Question, cells: Mapping[str, Cell], reader: Reader) -> dict[str, str]:
    if question.kind == "smiley":
        faces = (_("Very bad"), _("Bad"), _("All right"), _("Good"), _("Wonderful"))
        return {str(points): name for points, name in enumerate(faces, 1)}
    names = {choice.name: text(choice.label, reader) for choice in question.choices}
    plain = {code: digits.localise(code, country=reader.country, language=reader.language) for code in cells}
    return plain | names


def _lines(
    cells: Mapping[str, Cell], names: Mapping[str, str], answered: int, reader: Reader
) -> tuple[Line, ...]:
    most = max((cell.shown or 0 for cell in cells.values()), default=0)
    return tuple(
        _line(code, names.get(code, code), cell.shown, answered, most, reader) for code, cell in cells.items()
    )


def _line(code: str, name: str, shown: int | None, answered: int, most: int, reader: Reader) -> Line:
    share = _share(shown, answered)
    bar = round(100 * (shown or 0) / most, 1) if most else 0.0
    return Line(code, name, shown, share, bar, round(100 - bar, 1) if reader.language == "ar" else 0.0)


def _bars(lines: Sequence[Line]) -> Chart | None:
    known = [line for line in lines if line.answers is not None]
    if not known:
        return None
    most = max(known, key=lambda line: line.answers or 0)
    return Chart(
        title=_("How the answers are spread"),
        summary=_("Most often: %(answer)s") % {"answer": most.name},
        unit=_("Answers, rounded"),
        labels=tuple(line.name for line in lines),
        series=(Series(_("Answers"), tuple(line.answers for line in lines)),),
    )


def _matrix(
    question: Question, found: Answers, versions: Sequence[PublishedVersion], reader: Reader
) -> Matrix:
    rows = []
    for row in question.rows:
        told = _joined(found, f"{question.name}{ROW}{row.name}", versions)
        cells = [told.cells.get(choice.name, Cell()) for choice in question.choices]
        rows.append((text(row.label, reader), tuple((cell.shown, _heat(cell, told.whole)) for cell in cells)))
    return Matrix(tuple(text(choice.label, reader) for choice in question.choices), tuple(rows))


def _heat(cell: Cell, whole: Cell) -> int:
    if not cell.enough or not whole.enough:
        return 0
    return min(4, int(5 * min(1.0, cell.rounded / max(1, whole.rounded))))
