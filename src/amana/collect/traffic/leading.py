"""The ways between the traffic pages: tabs, periods, what is filtered and how to take it away."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from django.urls import reverse
from django.utils.translation import gettext as _

from amana.collect.sources import Sender
from amana.collect.traffic import words
from amana.collect.traffic.asked import Asked
from amana.collect.traffic.figures import Filters
from amana.collect.traffic.periods import PRESETS, Preset
from amana.collect.traffic.shown import Table


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one page to another."""

    label: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """Something that is filtered, and the address without it."""

    label: str
    value: str
    address: str


def tabs(wanted: Asked, current: str) -> tuple[Link, ...]:
    """Return the traffic pages; each keeps period and filters."""
    known = {
        "": _("At a glance"), "pages": _("Pages"), "sources": _("Where from"), "countries": _("Countries"),
        "devices": _("Devices"), "searches": _("Searches"), "events": _("Events"), "live": _("Now"),
    }  # fmt: skip
    return tuple(
        Link(label, address(name) + wanted.query(), name == current) for name, label in known.items()
    )


def address(name: str) -> str:
    """Return where one of the pages is; the first has no name."""
    if name == "live":
        return reverse("traffic-live")
    return reverse("traffic-detail", args=[name]) if name else reverse("traffic")


def presets(wanted: Asked) -> tuple[Link, ...]:
    """Return the periods that can be had by one click."""
    known: Mapping[Preset, str] = {
        "today": _("Today"), "yesterday": _("Yesterday"), "7_days": _("7 days"), "28_days": _("28 days"),
        "12_months": _("12 months"),
    }  # fmt: skip
    return tuple(
        Link(
            words.reader().digits(known[preset]),
            wanted.query(**{"period": preset, "from": None, "to": None}),
            preset == wanted.period.preset,
        )
        for preset in PRESETS
        if preset in known
    )


def chips(wanted: Asked, senders: Mapping[int, Sender], reader: words.Reader) -> tuple[Chip, ...]:
    """Return what is filtered, each with the address that takes it away."""
    filters = wanted.filters
    sender = senders.get(filters.site or 0)
    written = {
        "site": (_("Site"), sender.name if sender else str(filters.site)),
        "page": (_("Page"), words.path(filters.page or "")),
        "referrer": (_("Where from"), words.referrer(filters.referrer or "")),
        "campaign": (_("Campaign"), filters.campaign or ""),
        "country": (_("Country"), reader.nation(filters.country or "")),
        "device": (_("Device"), words.device(filters.device or "")),
    }
    return tuple(
        Chip(*written[one.name], wanted.query(**{one.name: None}))
        for one in fields(Filters)
        if getattr(filters, one.name) is not None
    )


def hidden(wanted: Asked, *names: str) -> tuple[tuple[str, str], ...]:
    """Return what a form carries along unseen: the filters, but for those it asks for itself."""
    found = ((one.name, getattr(wanted.filters, one.name)) for one in fields(Filters))
    return tuple((name, str(value)) for name, value in found if value is not None and name not in names)


def led_on(table: Table, wanted: Asked) -> Table:
    """Give each row that can be filtered by the address of the first page filtered by it."""
    if not table.filter:
        return table
    first = address("")
    rows = (replace(row, address=first + wanted.query(**{table.filter: row.key})) for row in table.rows)
    return replace(table, rows=tuple(rows))
