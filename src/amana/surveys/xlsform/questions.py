"""Make a question of a row, and list what of the row cannot be carried over."""

from typing import Final

from amana.surveys.xlsform import bounds, kinds, messages, tables
from amana.surveys.xlsform.making import Made, Source, whole
from amana.surveys.xlsform.outline import Entry

# What is read without an answer.
_READ: Final = frozenset({"note", "acknowledge", "group"})
_WHOLE: Final = ". = int(.)"


def question(source: Source, entry: Entry) -> Made:
    """Return the question of a row, as a definition has it. Raises FormRefused."""
    made: Made = {"name": entry.name, "label": source.text(entry.line, "label", entry.called)}
    relevant = _relevant(source, entry)
    if relevant:
        made["relevant"] = relevant
    if entry.table:
        return made | tables.make(source, entry)
    made |= kinds.make(source, entry)
    if entry.sort.kind in _READ:
        source.tell_unused(entry, ("required", "constraint", "constraint_message"))
    else:
        made |= source.required(entry) | _constraint(source, entry, made)
        source.tell_unused(entry, ())
    hint = source.text(entry.line, "hint", entry.called)
    return made | ({"hint": hint} if whole(hint) else {})


def _relevant(source: Source, entry: Entry) -> str | None:
    """Return the condition of a row together with those of the groups it lies in."""
    found = [source.condition(line, entry.called) for line in (*entry.around, entry.line)]
    parts = [each for each in found if each]
    return parts[0] if len(parts) == 1 else " and ".join(f"({each})" for each in parts) or None


def _constraint(source: Source, entry: Entry, made: Made) -> Made:
    """Return the rule of an answer; bounds and exclusive choices in it get places of their own."""
    rule = source.condition(entry.line, entry.called, "constraint")
    message = source.text(entry.line, "constraint_message", entry.called)
    found: Made = {}
    if rule:
        choices = made.get("choices", [])
        rule, found = bounds.lifted(made["kind"], rule, choices)
        alone = found.pop("exclusive")
        for choice in choices:
            if choice["name"] in alone:
                choice["exclusive"] = True
        found = _narrowed(made, found)
    if entry.sort.whole:
        if not rule and not found and not whole(message):
            message = {"ar": messages.WHOLE.ar, "en": messages.WHOLE.en}
        rule = f"({rule}) and {_WHOLE}" if rule else _WHOLE
    return found | ({"constraint": rule} if rule else {}) | ({"message": message} if whole(message) else {})


def _narrowed(made: Made, found: Made) -> Made:
    """Return bounds that hold what a range and its constraint say."""
    both = {name: pick for name, pick in (("least", max), ("most", min)) if name in made and name in found}
    return found | {name: pick(made[name], found[name]) for name, pick in both.items()}
