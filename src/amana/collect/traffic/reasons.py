"""Why events and properties were dropped, in plain words, and what can be done about it."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.collect.judging import tally
from amana.collect.traffic import shown, words
from amana.collect.traffic.intake import Intake, Kind
from amana.collect.traffic.periods import Period
from amana.collect.traffic.shown import Card, Cell, Table
from amana.kernel.plots import Chart, Series

# What nobody has to do anything about: the rules did what they are there for.
AS_IT_SHOULD_BE: Final = frozenset({"bot", "gpc", "id_without_consent", "repeat"})


# Label, meaning, what to do.
WORDS: Final = {
    "undeclared_event": (
        gettext_lazy("Event not in the notice"),
        gettext_lazy("The website sent an event that the published notice does not list."),
        gettext_lazy("Declare it in the policy's section “website” and publish, or stop sending it."),
    ),
    "undeclared_property": (
        gettext_lazy("Property not in the notice"),
        gettext_lazy("The event is listed, this property of it is not. The event was kept without it."),
        gettext_lazy("Declare the property in the policy and publish, or stop sending it."),
    ),
    "wrong_type": (
        gettext_lazy("Not of the declared kind"),
        gettext_lazy("For instance text where the notice has a number. The event was kept without it."),
        gettext_lazy("Mend what the page sends, or the kind declared in the policy."),
    ),
    "too_long": (
        gettext_lazy("Longer than declared"),
        gettext_lazy("The notice gives a greatest length, and this was longer. The event was kept without it."),
        gettext_lazy("Send less, or declare another length in the policy."),
    ),
    "address_in_text": (
        gettext_lazy("An e-mail address in it"),
        gettext_lazy("A page's address, title or another text held somebody's e-mail address. It was kept without it."),
        gettext_lazy("Keep e-mail addresses out of page addresses, titles and campaign links."),
    ),
    "identity_from_public_key": (
        gettext_lazy("Identity sent from a page"),
        gettext_lazy("Anybody can send with a public key, so what it says about who somebody is proves nothing."),
        gettext_lazy("Send it from your own server with the source's secret key."),
    ),
    "id_without_consent": (
        gettext_lazy("Identifier without consent"),
        gettext_lazy("The browser's identifier came without the visitor's consent. The event was kept without it."),
        gettext_lazy("Nothing to do. With many of them, see that the tag is told what the consent banner was told."),
    ),
    "bot": (
        gettext_lazy("Robots"),
        gettext_lazy("Search engines and other programs. They are no visitors and are not counted as such."),
        gettext_lazy("Nothing to do."),
    ),
    "gpc": (
        gettext_lazy("The browser's privacy signal"),
        gettext_lazy("Global Privacy Control was on: what the notice says it stops was not kept."),
        gettext_lazy("Nothing to do: the visitor said no."),
    ),
    "repeat": (
        gettext_lazy("Repeats"),
        gettext_lazy("The same event came again, as senders do when an answer was lost. It is counted once."),
        gettext_lazy("Nothing to do."),
    ),
    "malformed": (
        gettext_lazy("Not readable"),
        gettext_lazy("It was no event as the interface describes it."),
        gettext_lazy("Look at the answers your sender got: each says what was wrong."),
    ),
    "no_such_key": (
        gettext_lazy("Unknown key"),
        gettext_lazy("The write key belongs to no open source."),
        gettext_lazy("Compare the key in the pages with the source's, also after replacing or closing one."),
    ),
    "origin": (
        gettext_lazy("From another site"),
        gettext_lazy("A page of a site that is not listed for the source sent with its key."),
        gettext_lazy("List the site at the source or in the policy if it is yours."),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its count; `advice` says what to do; `asks` marks what somebody should look at."""

    label: str
    meaning: str
    advice: str
    count: int
    asks: bool


def explained(found: Intake) -> tuple[Reason, ...]:
    """Return the reasons that occurred, in plain words."""
    return tuple(
        Reason(*_words(reason), count, reason not in AS_IT_SHOULD_BE) for reason, count in found.reasons
    )


def _words(reason: str) -> tuple[str, str, str]:
    label, meaning, advice = WORDS.get(reason, (reason, gettext_lazy("Another rule of the notice."), ""))
    return str(label), str(meaning), str(advice)


def cards(found: Intake) -> tuple[Card, ...]:
    """Return the large figures."""
    return (
        Card(_("Events accepted"), found.accepted, "", None),
        Card(_("Events dropped"), found.dropped, "", None, _("robots and repeats among them")),
        Card(_("Properties dropped"), found.trimmed, "", None, _("their events were kept without them")),
    )


def course(found: Intake, period: Period, reader: words.Reader) -> Chart:
    """Return accepted and dropped events over time."""
    return Chart(
        title=_("Events accepted and dropped"),
        summary=_("By the time at which they arrived. Today is not over yet.")
        if period.running
        else _("By the time at which they arrived."),
        unit={"hour": _("Events an hour"), "day": _("Events a day"), "month": _("Events a month")}[
            period.step
        ],
        labels=tuple(reader.bucket(number, period.step) for number in found.buckets),
        series=(Series(_("Accepted"), found.accepted_by), Series(_("Dropped"), found.dropped_by)),
    )


def kinds(found: Intake, names: dict[int, str], reader: words.Reader, *, most: int) -> Table:
    """Return what was dropped, by source, event and property."""
    dropped = [kind for kind in found.kinds if kind.reason]
    rows = [
        shown.row(_what(kind), f"{_words(kind.reason)[0]} · {_site(kind.source, names)}", (Cell(kind.count),),
                  kind.count, dropped[0].count, reader)
        for kind in dropped[:most]
    ]  # fmt: skip
    unshown = any(tally.OTHER in (kind.event, kind.property) for kind in dropped[:most])
    note = (
        _("A name is not shown where it may be somebody's, or where too many came that day.")
        if unshown
        else ""
    )
    return Table(
        _("Dropped, one by one"), _("Event and property"), (_("Times"),), tuple(rows), "dropped", note=note
    )


def accepted(found: Intake, reader: words.Reader, *, most: int) -> Table:
    """Return what was accepted, by event."""
    sums: dict[str, int] = {}
    for kind in found.kinds:
        if not kind.reason:
            sums[kind.event] = sums.get(kind.event, 0) + kind.count
    lines = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    rows = [
        shown.row(words.happening(name), name, (Cell(count),), count, lines[0][1], reader)
        for name, count in lines[:most]
    ]
    return Table(_("Accepted"), _("Event"), (_("Times"),), tuple(rows), "accepted")


def sources(found: Intake, names: dict[int, str], reader: words.Reader) -> Table:
    """Return accepted and dropped by source."""
    lines = found.by_source
    most = max((taken + dropped for _source, taken, dropped in lines), default=0)
    rows = [
        shown.row(_site(source, names), "", (Cell(taken), Cell(dropped)), taken + dropped, most, reader)
        for source, taken, dropped in lines
    ]
    heads = (_("Accepted"), _("Dropped"))
    return Table(_("Sources"), _("Source"), heads, tuple(rows), "intake-sources")


def _what(kind: Kind) -> str:
    parts = [
        _("Name not shown") if part == tally.OTHER else part for part in (kind.event, kind.property) if part
    ]
    return " · ".join(parts) or _("Whole messages")


def _site(number: int, names: dict[int, str]) -> str:
    return names.get(number) or (_("Nobody known") if not number else str(number))
