"""Every word of the retailer's pages exists in Arabic, and none is left over."""

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

import amana.retailer

ROOM = Path(amana.retailer.__file__).parent
CALLS = {"_", "gettext"}


def used() -> set[str]:
    """Return the messages of the room's code and templates."""
    found = set()
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found.add(ast.literal_eval(node.args[0]))
    for path in (ROOM / "templates").rglob("*.html"):
        page = path.read_text("utf-8")
        found |= set(re.findall(r'{% translate "(.*?)" %}', page))
        for block in re.findall(
            r"{% blocktranslate trimmed.*?%}(.*?){% endblocktranslate %}", page, re.DOTALL
        ):
            # Where there is a plural, the catalogue goes by the singular.
            found.add(re.sub(r"{{ (\w+) }}", r"%(\1)s", block.partition("{% plural %}")[0].strip()))
    return found


def test_the_catalogue_is_complete_and_certain() -> None:
    with (ROOM / "locale" / "ar" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="ar") if message.id]
    assert {message.id if isinstance(message.id, str) else message.id[0] for message in messages} == used()
    assert [message.id for message in messages if message.fuzzy or not message.string] == []
