"""Where the surveys are: each of the room's parts names its own pages."""

from amana.surveys.builder.urls import CONSOLE as BUILDER
from amana.surveys.builder.urls import CONSOLE_MENU as BUILDER_MENU
from amana.surveys.loop.urls import CONSOLE as LOOP
from amana.surveys.loop.urls import CONSOLE_MENU as LOOP_MENU
from amana.surveys.loop.urls import PUBLIC as CHANGES
from amana.surveys.reading.urls import CONSOLE as READING
from amana.surveys.reading.urls import CONSOLE_MENU as READING_MENU
from amana.surveys.results.urls import CONSOLE as RESULTS
from amana.surveys.tablet.urls import API as TABLET_API
from amana.surveys.tablet.urls import CONSOLE as TABLET_CONSOLE
from amana.surveys.tablet.urls import CONSOLE_MENU as TABLET_MENU
from amana.surveys.tablet.urls import PUBLIC as TABLET
from amana.surveys.taking.urls import API as TAKING_API
from amana.surveys.taking.urls import CONSOLE as TAKING_CONSOLE
from amana.surveys.taking.urls import PUBLIC as TAKING

API = [*TABLET_API, *TAKING_API]
CONSOLE = [*TAKING_CONSOLE, *BUILDER, *RESULTS, *TABLET_CONSOLE, *READING, *LOOP]
CONSOLE_MENU = [*BUILDER_MENU, *LOOP_MENU, *TABLET_MENU, *READING_MENU]
PUBLIC = [*TABLET, *TAKING, *CHANGES]
