"""The command's own words in the language of the terminal (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""

import gettext
import os
from pathlib import Path

from amana.kernel.text import Language

# click asks the default domain for its own words ("Usage", "Options"): one catalogue serves both.
gettext.bindtextdomain("django", str(Path(__file__).with_name("locale")))
gettext.textdomain("django")
say = gettext.gettext


def language() -> Language:
    """Return the language of the terminal: Arabic where it is asked for, English otherwise."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "ar" if asked.startswith("ar") else "en"
