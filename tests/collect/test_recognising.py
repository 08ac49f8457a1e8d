"""Browsers by family, machines by name and haste, times by two clocks, addresses by their parts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.collect import bots, devices, event
from amana.collect.bots import MOST_EVENTS, Haste
from amana.collect.devices import UNKNOWN, Machine, Machines
from amana.collect.event import Circumstances, Event
from amana.collect.judging import pages, tally, times
from amana.collect.judging.judge import key_of, language_of
from amana.collect.judging.times import DAY
from amana.kernel import clock

NOW = 1_795_000_000_000
CHROME = "(KHTML, like Gecko) Chrome/126.0.0.0"


@pytest.mark.parametrize(
    ("name", "machine"),
    [
        (f"Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 {CHROME} Mobile Safari/537.36",
         Machine("phone", "Chrome Mobile", "Android")),
        (f"Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 {CHROME} Safari/537.36",
         Machine("tablet", "Chrome", "Android")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {CHROME} Safari/537.36",
         Machine("computer", "Chrome", "Windows")),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
         Machine("computer", "Firefox", "Mac OS X")),
        ("Something new", Machine("other", "Other", "Other")),
    ],
)  # fmt: skip
def test_browsers_are_known_by_family(name: str, machine: Machine) -> None:
    found = devices.read(name)
    assert (found.device, found.browser) == (
        machine.device,
        machine.browser if found.browser else found.browser,
    )
    assert found.system in (machine.system, "")


@pytest.mark.parametrize("name", ["noor@mail.example", "Noor Ali 0501234567"])
def test_n1_a_name_that_a_browser_gives_itself_is_not_kept(name: str) -> None:
    assert devices.read(f"{name}/1.0 CFNetwork/1490 Darwin/23") == Machine("phone", "", "iOS")


def test_too_many_new_names_stay_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "SHARE", -1.0)
    made = Machines()
    assert (made.of("Mozilla/5.0 (Windows NT 10.0)"), made.knows("Mozilla/5.0 (Windows NT 10.0)")) == (
        UNKNOWN,
        False,
    )


@pytest.mark.parametrize(
    ("name", "is_named"),
    [
        ("", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", True),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/126.0.0.0 Safari/537.36", True),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 {CHROME} Safari/537.36", False),
    ],
)
def test_bots_are_known_by_name(name: str, is_named: bool) -> None:
    assert bots.named(name) is is_named


def test_haste_lasts_until_a_minute_passes_without_it() -> None:
    haste, fast, other = Haste(), (7, "Safari"), (7, "Firefox")
    assert [haste.hasty(fast, 0) for _ in range(MOST_EVENTS + 2)][-3:] == [False, True, True]
    assert (haste.hasty(other, 0), haste.hasty(fast, 60_000), haste.hasty(other, 60_000)) == (
        False,
        True,
        False,
    )
    assert haste.hasty(fast, 120_000) is False


@pytest.mark.parametrize(
    ("original", "sent", "at"),
    [
        (None, None, NOW),
        (NOW - 5000, None, NOW - 5000),
        (NOW - 5000, NOW, NOW - 5000),
        (NOW - 5000 - 3 * DAY, NOW - 3 * DAY, NOW - 5000),
        (NOW + 9 * DAY, NOW + 9 * DAY + 700, NOW - 700),
        (NOW, NOW - 500, NOW),
        (NOW, NOW - 5000, NOW),
        (NOW + 5000, None, NOW),
        (NOW - 29 * DAY, NOW, NOW - 29 * DAY),
        (NOW - 31 * DAY, NOW, NOW),
        (NOW - 31 * DAY, None, NOW),
    ],
)
def test_a_clock_is_corrected_only_where_that_is_plausible(
    original: int | None, sent: int | None, at: int
) -> None:
    assert times.happened(original=original, sent=sent, received=NOW) == at


@given(original=st.none() | st.integers(0, 2 * NOW), sent=st.none() | st.integers(0, 2 * NOW))
def test_nothing_happens_after_it_arrived_or_long_before(original: int | None, sent: int | None) -> None:
    assert NOW - times.LONGEST_WAIT <= times.happened(original=original, sent=sent, received=NOW) <= NOW


@pytest.mark.parametrize(
    ("value", "ms"),
    [
        ("2026-11-22T12:00:00.250Z", 1795348800250), ("2026-11-22T16:00:00+04:00", 1795348800000),
        ("2026-11-22T12:00:00", 1795348800000), (1795348800250, 1795348800250), (1795348800.25, 1795348800250),
        ("yesterday", None), ("", None), (None, None), (True, None), (-5, None), (1e300, None), ([], None),
    ],
)  # fmt: skip
def test_times_are_read_as_senders_write_them(value: object, ms: int | None) -> None:
    assert times.read(value) == ms


@given(text=st.text(max_size=300))
def test_any_address_is_read_without_an_error(text: str) -> None:
    assert "?" not in pages.path_of(text)
    assert set(pages.host_of(text)).isdisjoint(" @%/?#")
    assert len(pages.campaign_of(text)) == 3
    assert "\0" not in language_of(text)


def test_an_address_gives_its_parts() -> None:
    address = "https://User:pw@Shop.Example:8443/a/b?utm_source=x&utm_campaign=eid&q=shoes#top"
    assert (pages.host_of(address), pages.path_of(address)) == ("shop.example", "/a/b")
    assert [pages.host_of(text) for text in ("x y", "a@b c", "%A", "نطاق.example")] == [
        "",
        "",
        "",
        "نطاق.example",
    ]
    assert pages.campaign_of(address) == ("x", "", "eid")
    assert (pages.words_of("?a=1&q=shoes"), pages.words_of("shoes"), pages.words_of("?a=1")) == (
        "shoes",
        "shoes",
        "",
    )


def test_keys_are_equal_for_repeats_within_a_source() -> None:
    assert key_of(1, "m") == key_of(1, "m")
    assert len({key_of(1, "m"), key_of(2, "m"), key_of(1, "n"), key_of(1, None), key_of(1, None)}) == 5


def test_names_that_may_carry_something_else_are_not_written_down() -> None:
    assert [tally.shown(name) for name in ("Order Seen", "noor@mail.example", "نور", "0501234567", "x" * 99, "")] == [
        "Order Seen", *["(other)"] * 5,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "Order Number Copied", "addToCart", "checkout.step.completed", "cart:viewed", "$pageview", "__utm", "Step 12",
        "price_net", "parent-org", "email", "Dot Clicked", "userCompletedOnboarding", "Product List - Filtered",
    ],
)  # fmt: skip
def test_plain_names_are_written_down(name: str) -> None:
    assert tally.shown(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "Signed up noor@mail.example", "noor.mail.example", "Signed up noor at mail.com now", "noor_gmail_com",
        "noor at mail dot org", "noor.etisalat.ae", "noor%40mail.example", "Called 050 123 4567",
        "Called +971501234567", "order 123",
        "Card 4 1 1 1", "نور علي", "Nour Ali é", "Noor\n", "Noor, Ali", "<b>Noor</b>", "a/b", "_", "$",
        "my name is noor and i live in al ain now", "x" * 31, " ".join(["abcdefghijk"] * 6), "٠٥٠", "Step ١",
    ],
)  # fmt: skip
def test_names_that_look_like_personal_data_share_one_label(name: str) -> None:
    assert tally.shown(name) == tally.OTHER


@given(name=st.text(max_size=80))
def test_no_name_that_is_written_down_holds_an_address_or_a_long_number(name: str) -> None:
    shown = tally.shown(name)
    assert shown == tally.OTHER or (
        len(shown) <= tally.LONGEST
        and shown.isascii()
        and "@" not in shown
        and sum(map(str.isdigit, shown)) <= 2
    )
    tally._undeclared.discard(name)


def test_names_that_were_used_up_are_free_again_the_next_day() -> None:
    letters = "abcdefghijklmnopqrst"
    names = [f"{first}{second}" for first in letters for second in letters]
    noon = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    with clock.fixed(noon):
        shown = [tally.shown(name) for name in names]
        assert (len(shown), shown.count("(other)")) == (400, 400 - tally.MOST_NAMES)
        assert [tally.shown(name) for name in (names[0], names[-1])] == ["aa", "(other)"]
    with clock.fixed(noon + dt.timedelta(days=1)):
        assert tally.shown(names[-1]) == names[-1]
    tally._undeclared.clear()


def test_a_line_reads_as_the_event_with_its_circumstances() -> None:
    made = Event(
        source=1, key="0" * 32, call="track", event="x", at=1, received=2, policy=3, title='a"\n\u0001'
    )
    part = Circumstances(country="AE", device="phone", browser="Safari", system="iOS", language="ar").part()
    line = event.line(made, part)
    assert b"\n" not in line
    read = event.read(line)
    assert (read.title, read.country, read.device, read.language) == (made.title, "AE", "phone", "ar")
    assert (event.read(event.line(made)), Circumstances().part()) == (made, b"")
