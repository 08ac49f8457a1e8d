"""Tags every template may use: icons, and figures, days, phones and prices as this page's reader writes them."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any, Literal

from django import template
from django.forms import BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from amana.kernel.plots import Chart
from amana.kernel.text import find_language, reader_language
from amana.web import charts
from amana.web.reading import COUNTRY, Reader, home_country

register = template.Library()

# Icons that point along the line of reading are mirrored where it runs from right to left.
TURNING = frozenset(
    {"arrow-forward", "back", "reply", "send", "sign-out", "list", "chat", "document", "edit"}
)
NOTHING = "–"


def _reader(context: Context, country: str) -> Reader:
    language = find_language(str(context.get("language", ""))) or reader_language()
    return Reader(language, country or str(context.get("country") or "") or home_country())


@register.simple_tag
def icon(name: str, label: str = "", size: Literal["", "large"] = "") -> SafeString:
    """Draw an icon of the sprite; without a label it says nothing to screen readers."""
    classes = " ".join(filter(None, ("icon", "turns" if name in TURNING else "", size)))
    address = f"{static('web/icons.svg')}#{name}"
    if not label:
        return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address)
    return format_html(
        '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
    )


@register.simple_tag
def mark() -> SafeString:
    """Draw Amana's mark, an arch that shelters one thing, in the page's accent."""
    return SafeString(
        '<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">'
        '<rect class="ground" width="32" height="32" rx="9"/><path class="arch" d="M9 20c0-5 3-9 7-9s7 4 7 9"/>'
        '<circle class="kept-thing" cx="16" cy="20.5" r="2.6"/></svg>'
    )


@register.simple_tag(takes_context=True)
def number(context: Context, value: int | Decimal | None, country: str = "") -> SafeString:
    """Write a number in the reader's digits: `{% number 31960 %}`; a dash for None."""
    return _isolated(NOTHING if value is None else _reader(context, country).number(value))


@register.simple_tag(takes_context=True)
def percent(context: Context, share: float | Decimal | None, country: str = "") -> SafeString:
    """Write a share of one in per cent: `{% percent 0.87 %}`; a dash for None."""
    return _isolated(NOTHING if share is None else _reader(context, country).percent(share))


@register.simple_tag(takes_context=True)
def day(context: Context, value: dt.date | dt.datetime | None, country: str = "") -> SafeString:
    """Write a day: `{% day order.placed_at %}`."""
    return _time(value, _reader(context, country).day(value) if value else NOTHING)


@register.simple_tag(takes_context=True)
def both_days(context: Context, value: dt.date | dt.datetime | None, country: str = "") -> SafeString:
    """Write a day in both calendars: `{% both_days draw.closes_on %}`."""
    return _time(value, _reader(context, country).both(value) if value else NOTHING)


@register.simple_tag(takes_context=True)
def moment(context: Context, at: dt.datetime | None, country: str = "") -> SafeString:
    """Write a day and a time: `{% moment message.sent_at %}`."""
    return _time(at, _reader(context, country).moment(at) if at else NOTHING)


@register.simple_tag(takes_context=True)
def ago(context: Context, at: dt.datetime | None, country: str = "") -> SafeString:
    """Write how long ago, or how far off: `{% ago message.received_at %}`."""
    return _time(at, _reader(context, country).ago(at) if at else NOTHING)


@register.simple_tag(takes_context=True)
def phone(context: Context, e164: str, country: str = "") -> SafeString:
    """Write a phone number, isolated and left to right: `{% phone shop.phone %}`."""
    written = _reader(context, country).phone(e164)
    return format_html('<bdi class="num nowrap" dir="ltr">{}</bdi>', written)


@register.simple_tag(takes_context=True)
def price(context: Context, amount: Decimal | int | str, currency: str) -> SafeString:
    """Write a price, isolated, in Western digits in every country: `{% price line.total "AED" %}`."""
    written = _reader(context, COUNTRY).price(amount, currency)
    return format_html('<bdi class="num nowrap">{}</bdi>', written)


@register.filter
def code(value: object) -> SafeString:
    """Write an address, a code or a number of an order, isolated and left to right: `{{ email|code }}`."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


@register.simple_tag
def progress(value: float, most: float, label: str) -> SafeString:
    """Draw how far something has come: `{% progress 2 3 label %}`."""
    done = min(max(float(value), 0.0), float(most)) if math.isfinite(float(value)) else 0.0
    return format_html(
        '<progress class="bar" value="{}" max="{}" aria-label="{}"></progress>',
        f"{done:g}",
        f"{most:g}",
        label,
    )


@register.simple_tag(takes_context=True)
def line_chart(context: Context, chart: Chart) -> SafeString:
    """Draw each series of a chart as a line, with the figures as a table: `{% line_chart visits %}`."""
    return charts.lines(chart, reader=_reader(context, ""))


@register.simple_tag(takes_context=True)
def bar_chart(context: Context, chart: Chart) -> SafeString:
    """Draw the one series of a chart as columns, with the figures as a table: `{% bar_chart minutes %}`."""
    return charts.bars(chart, reader=_reader(context, ""))


@register.simple_tag
def field(bound: BoundField, **attributes: Any) -> SafeString:
    """Write one field of a form with label, hint, control and error: `{% field form.email dir="ltr" %}`."""
    bound.field.widget.attrs.update(attributes)
    return bound.as_field_group()


def _isolated(text: str) -> SafeString:
    return format_html('<bdi class="num">{}</bdi>', text)


def _time(value: dt.date | dt.datetime | None, text: str) -> SafeString:
    if value is None:
        return SafeString(NOTHING)
    return format_html('<time datetime="{}"><bdi>{}</bdi></time>', value.isoformat(), text)
