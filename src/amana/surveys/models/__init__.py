"""What the surveys keep: designs and their published versions, where they are open, devices, and answers."""

from amana.surveys.models.answers import Envelope, Refused, Response
from amana.surveys.models.asking import Invitation, QuotaCount, Rule
from amana.surveys.models.designs import Placement, Revision, Survey, Version
from amana.surveys.models.devices import Device, Enrolment, FormerShop
from amana.surveys.models.loop import Case, CaseStep, Improvement, Reply
from amana.surveys.models.reading import Candidate, CountedSignal, CountedTheme, Signal, Theme, Waiting

__all__ = [
    "Candidate",
    "Case",
    "CaseStep",
    "CountedSignal",
    "CountedTheme",
    "Device",
    "Enrolment",
    "Envelope",
    "FormerShop",
    "Improvement",
    "Invitation",
    "Placement",
    "QuotaCount",
    "Refused",
    "Reply",
    "Response",
    "Revision",
    "Rule",
    "Signal",
    "Survey",
    "Theme",
    "Version",
    "Waiting",
]
