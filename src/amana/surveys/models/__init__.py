"""What the surveys keep: designs and their published versions, where they are open, devices, and answers."""

from amana.surveys.models.answers import Envelope, Refused, Response
from amana.surveys.models.designs import Placement, Revision, Survey, Version
from amana.surveys.models.devices import Device, Enrolment
from amana.surveys.models.reading import Candidate, Signal, Theme, Waiting

__all__ = [
    "Candidate",
    "Device",
    "Enrolment",
    "Envelope",
    "Placement",
    "Refused",
    "Response",
    "Revision",
    "Signal",
    "Survey",
    "Theme",
    "Version",
    "Waiting",
]
