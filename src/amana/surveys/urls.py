"""Where the surveys are: each of the room's parts names its own pages."""

from amana.surveys.taking.urls import API as TAKING_API
from amana.surveys.taking.urls import PUBLIC as TAKING

API = [*TAKING_API]
PUBLIC = [*TAKING]
