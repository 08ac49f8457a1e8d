"""Words in the column `appearance`: those of the specification that mean something here, and marks of our own.

Programs ignore an appearance they do not know, so a mark carries what a form has no other place for.
"""

from typing import Final

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
