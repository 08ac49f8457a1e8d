"""Words in the column `appearance`: those of the specification that mean something here, and marks of our own.

Programs ignore an appearance they do not know, so a mark carries what a form has no other place for.
"""

from typing import Final

from amana.surveys.definition.document import BOUND

FIELD_LIST: Final = "field-list"
TABLE: Final = "table-list"
MULTILINE: Final = "multiline"
STARS: Final = "rating"
INTRO: Final = "amana-intro"
THANKS: Final = "amana-thanks"
# Kinds that a form has no type for, with what is written instead.
MARKED: Final = {
    "csat": "amana-csat",
    "smiley": "amana-smiley",
    "phone": "amana-phone",
    "email": "amana-email",
}
RANGES: Final = {MARKED[kind]: kind for kind in ("csat", "smiley")}
TEXTS: Final = {MARKED[kind]: kind for kind in ("phone", "email")}
# The policy's category a kind is bound to when it is read. Whether a date is a birth date only its author knows.
CATEGORIES: Final = {kind: names[0] for kind, names in BOUND.items() if kind != "date"}
