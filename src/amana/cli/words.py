"""The command's own words in the language of the terminal (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""

import gettext
from pathlib import Path

# click asks the default domain for its own words ("Usage", "Options"): one catalogue serves both.
gettext.bindtextdomain("django", str(Path(__file__).with_name("locale")))
gettext.textdomain("django")
say = gettext.gettext
