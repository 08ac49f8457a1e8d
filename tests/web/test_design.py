"""Colours, figures, icons, charts and fonts: what every page relies on."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as some

from amana.kernel import plots
from amana.web import build, charts, colours
from amana.web.reading import Reader

WEB = Path(build.__file__).parent
SHEETS = "\n".join(path.read_text("utf-8") for path in (WEB / "static" / "web").glob("*.css"))
# The pages people answer surveys on have sheets of their own, so that they stay light.
OWN_SHEETS = "\n".join(path.read_text("utf-8") for path in WEB.parent.glob("surveys/static/surveys/*.css"))
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', (WEB / "static" / "web" / "icons.svg").read_text("utf-8")))
PAGES = [path for path in WEB.parent.glob("*/templates/**/*.html") if path.name != "mail.html"]
AE, SA, EN = Reader("ar", "AE"), Reader("ar", "SA"), Reader("en", "SA")
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@given(some.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_every_brand_can_be_read(brand: str) -> None:
    for made, grounds in ((colours.light(brand), colours.LIGHT), (colours.dark(brand), colours.DARK)):
        pairs = [(made.ink, made.accent), *((made.accent, ground) for ground in (*grounds, made.wash))]
        assert [pair for pair in pairs if colours.contrast(*pair) < 4.5] == []


def test_contrast_is_that_of_the_standard() -> None:
    assert (colours.contrast("#000000", "#ffffff"), round(colours.contrast("#777777", "#ffffff"), 2)) == (
        21.0,
        4.48,
    )


def test_a_brand_that_can_be_read_is_left_alone() -> None:
    assert (colours.light("#b3131b").accent, colours.light("#b3131b").ink) == ("#b3131b", "#ffffff")


def test_digits_follow_the_country_but_not_in_phones_and_prices() -> None:
    assert [reader.number(18204) for reader in (AE, SA, EN)] == ["18,204", "١٨٬٢٠٤", "18,204"]
    assert [reader.percent(0.874) for reader in (AE, SA, EN)] == ["87%", "٨٧٪", "87%"]
    assert [SA.phone("+966501234567"), AE.phone("+966501234567")] == ["050 123 4567", "+966 50 123 4567"]
    assert [SA.price("1249.5", "SAR"), EN.price(3, "KWD")] == ["1,249.50\u00a0ريال سعودي", "3.000\u00a0KWD"]


@pytest.mark.parametrize(
    ("share", "shown"), [(0, "0%"), (0.001, "1%"), (0.999, "99%"), (1, "100%"), (1.5, "150%")], ids=str
)
def test_a_little_is_not_nothing_and_nearly_all_is_not_all(share: float, shown: str) -> None:
    assert AE.percent(share) == shown


def test_tags_isolate_what_they_write() -> None:
    page = Template(
        "{% load amana %}{% number 7 %}|{% number None %}|{% day at %}|{% phone phone %}|{{ mail|code }}"
        "|{% progress 5 3 'x' %}"
    )
    words = {"language": "ar", "country": "SA", "at": NOON, "mail": "a<b@c", "phone": "+971501234567"}
    shown = page.render(Context(words)).split("|")
    assert shown == [
        '<bdi class="num">٧</bdi>',
        '<bdi class="num">–</bdi>',
        '<time datetime="2026-11-22T12:00:00+00:00"><bdi>٢٢ نوفمبر ٢٠٢٦</bdi></time>',
        '<bdi class="num nowrap" dir="ltr">+971 50 123 4567</bdi>',
        '<bdi dir="ltr">a&lt;b@c</bdi>',
        '<progress class="bar" value="3" max="3" aria-label="x"></progress>',
    ]


def test_arrows_turn_with_the_direction_of_reading() -> None:
    shown = Template('{% load amana %}{% icon "arrow-forward" %}{% icon "mail" label="بريد" %}').render(
        Context()
    )
    assert re.findall(r'class="([^"]+)"|aria-label="([^"]+)"', shown) == [
        ("icon turns", ""),
        ("icon", ""),
        ("", "بريد"),
    ]


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    asked = {
        name for page in PAGES for name in re.findall(r'{% icon "([\w-]+)"', page.read_text("utf-8"))
    } | {
        name
        for book in WEB.parent.glob("*/urls.py")
        for name in re.findall(r'_\("[^"]+"\), "([\w-]+)"\)', book.read_text("utf-8"))
    }
    assert asked - ICONS == set()


def test_every_class_has_a_rule() -> None:
    ruled = set(re.findall(r"\.([a-z][\w-]*)", SHEETS + OWN_SHEETS))
    used = {
        name: page.name
        for page in PAGES
        for names in re.findall(r'\sclass="([^"]*)"', re.sub(r"{%.*?%}", " ", page.read_text("utf-8")))
        for name in re.sub(r"\S*{{.*?}}\S*", " ", names).split()
    }
    assert {name: page for name, page in used.items() if name not in ruled} == {}


def chart(*values: float | None) -> plots.Chart:
    labels = tuple(str(n) for n in range(len(values)))
    return plots.Chart("Title", "Summary", "Unit", labels, (plots.Series("One", values),))


def test_a_line_below_zero_stays_within_its_chart() -> None:
    series = (plots.Series("Score", (-24.0, None, 18.0)),)
    chart = plots.Chart(title="T", summary="S", unit="U", labels=("a", "b", "c"), series=series)
    drawn = charts.lines(chart, reader=EN)
    assert re.findall(r'text-anchor="end">(.*?)</text>', drawn)[:5] == [
        "\u2066−40\u2069",
        "\u2066−20\u2069",
        "0",
        "20",
        "40",
    ]
    [path, *_] = re.findall(r'series-1" d="(.*?)"', drawn)
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    assert all(14 < height < 230 for height in heights)
    assert heights[0] > heights[-1]


def test_charts_run_in_the_direction_of_reading() -> None:
    columns = [
        [
            float(x)
            for x in re.findall(r'class="column" x="([\d.]+)"', charts.bars(chart(1, 2, 3), reader=reader))
        ][:3]
        for reader in (EN, AE)
    ]
    assert (columns[0] == sorted(columns[0]), columns[1] == sorted(columns[1], reverse=True)) == (True, True)


def test_a_gap_interrupts_a_line_and_is_said_in_the_table() -> None:
    shown = charts.lines(chart(1, None, 3, 4), reader=EN)
    path = re.search(r'class="line series-1" d="(M[\d. ]+ M[\d. ]+L[\d. ]+)"', shown)
    assert (path is not None, shown.count(">–</td>")) == (True, 1)


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (3, 4), (7, 8), (14200, 16000), (10, 12), (100, 100), (0.2, 4), (41, 60)],
    ids=str,
)
def test_scales_end_at_round_figures(highest: float, top: float) -> None:
    assert charts.ceiling(highest) == top


def test_fonts_are_small_and_hold_what_is_written_here(tmp_path: Path) -> None:
    build.main()
    for font in sorted(build.FONTS.glob("*.woff2")):
        letters = set(TTFont(font).getBestCmap())
        assert [
            sign
            for sign in "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئىة،؛؟٠٩٪٬٫AZaz09«»–…é"
            if ord(sign) not in letters
        ] == []
        assert font.stat().st_size < 40_000
