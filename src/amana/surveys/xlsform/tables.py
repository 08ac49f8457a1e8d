"""Make one question of a group of rows that choose from one list."""

from amana.surveys.xlsform import marks, messages
from amana.surveys.xlsform.making import ANSWERED, Made, Source
from amana.surveys.xlsform.names import fits, fitted
from amana.surveys.xlsform.outline import Entry


def make(source: Source, entry: Entry) -> Made:
    """Return what a table asks. Raises FormRefused."""
    source.words(entry, marks.TABLE, marks.FIELD_LIST)
    source.parameters(entry)
    source.tell_unused(entry, ANSWERED)
    made: Made = {"kind": "matrix", "choices": source.choices(entry.within[0]), "rows": []}
    shorten = _prefixed(entry)
    taken: set[str] = set()
    names = [row.called[len(entry.called) + 1 :] if shorten else row.called for row in entry.within]
    kept = [name for name in names if fits(name, choice=True)]
    for row, called in zip(entry.within, names, strict=True):
        name = fitted(called, taken, kept, choice=True)
        if name != called:
            source.losses.add(row.line.place, messages.RENAMED, row.called, name)
        taken.add(name)
        made["rows"].append({"name": name, "label": source.text(row.line, "label", row.called)})
        source.words(row)
        source.tell_unused(row, ("relevant", "constraint", "constraint_message", "hint"))
    return made | _needed(source, entry) | _shuffled(source, entry)


def _prefixed(entry: Entry) -> bool:
    """Tell whether each row is called after its table, as they are written from here."""
    begins = f"{entry.called}_"
    return all(row.called.startswith(begins) and row.called != begins for row in entry.within)


def _needed(source: Source, entry: Entry) -> Made:
    needed = [source.required(row) for row in entry.within]
    if all(each == needed[0] for each in needed):
        return needed[0]
    for row, each in zip(entry.within, needed, strict=True):
        if each:
            source.losses.add(
                row.line.place, messages.COLUMN, row.called, "required", str(each["required"]).lower()
            )
    return {}


def _shuffled(source: Source, entry: Entry) -> Made:
    asked = [
        source.parameters(row, "randomize").get("randomize") in ("true", "true()") for row in entry.within
    ]
    if any(asked) and not all(asked):
        for row, each in zip(entry.within, asked, strict=True):
            if each:
                source.losses.add(row.line.place, messages.PARAMETER, row.called, "randomize=true")
    return {"shuffled": True} if all(asked) else {}
