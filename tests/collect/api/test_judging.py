"""Nothing is kept that the policy does not declare, and everything that is dropped is counted with its reason."""

import datetime as dt

import pytest

from amana.collect import pseudonyms, queries
from tests.collect.api.sending import AGREED, BROWSER, EMIRATES, SHOP, Api, basic

PAGE = {"url": f"{SHOP}/ar/p/7?utm_source=news&utm_campaign=eid#top", "path": "/ar/p/7", "title": "عباية"}
CART = {"products": [{"product_id": "p", "price": 3}]}
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def test_c2_undeclared_events_are_dropped_and_counted(api: Api) -> None:
    assert api.track("Order Number Copied", properties={"order": "1234"}).status == 200
    assert api.track("نور 0501234567").status == 200
    assert api.events() == []
    assert api.counts() == {
        ("Order Number Copied", "", "undeclared_event"): 1, ("(other)", "", "undeclared_event"): 1,
    }  # fmt: skip


def test_c2_undeclared_properties_are_dropped_and_counted(api: Api) -> None:
    api.track(properties={"product_id": "p-1", "email": "noor@mail.example", "noor@mail.example": 1})
    [kept] = api.events()
    assert kept.properties == {"product_id": "p-1"}
    assert api.counts() == {
        ("Product Viewed", "", ""): 1,
        ("Product Viewed", "email", "undeclared_property"): 1,
        ("Product Viewed", "(other)", "undeclared_property"): 1,
    }


@pytest.mark.parametrize(
    ("name", "properties", "kept", "reason"),
    [
        ("Product Viewed", {"price": "19.5"}, None, "wrong_type"),
        ("Product Viewed", {"price": True}, None, "wrong_type"),
        ("Product Viewed", {"price": 1e300}, None, "wrong_type"),
        ("Product Viewed", {"currency": "XXX"}, None, "wrong_type"),
        ("Product Viewed", {"name": {"a": 1}}, None, "wrong_type"),
        ("Product Viewed", {"name": "x" * 201}, None, "too_long"),
        ("Product Added", {"quantity": 1.5}, None, "wrong_type"),
        ("Product Added", {"quantity": 2.0}, {"quantity": 2}, None),
        ("Product Viewed", {"name": None}, None, None),
        ("Cart Viewed", CART, CART, None),
        ("Cart Viewed", {"products": [{"product_id": 5}]}, {"products": [{}]}, "wrong_type"),
        ("Cart Viewed", {"products": [{}] * 101}, None, "too_long"),
    ],
)  # fmt: skip
def test_types_are_checked(
    api: Api, name: str, properties: dict[str, object], kept: dict[str, object] | None, reason: str | None
) -> None:
    assert api.track(name, properties=properties).status == 200
    assert [event.properties for event in api.events()] == [kept]
    assert {why for _, _, why in api.counts()} == {"", *([reason] if reason else [])}


@pytest.mark.parametrize(("said", "kept"), [(-1, 0), (86_400_001, 0), (86_400_000, 86_400_000)])
def test_n1_time_on_a_page_is_bounded_by_a_day(api: Api, said: int, kept: int) -> None:
    api.track("Time Engaged", properties={"view": "a1", "sequence": 1, "engaged_ms": said})
    assert [event.engaged for event in api.events()] == [kept]


@pytest.mark.parametrize("written", ["noor@mail.example", "noor%40mail.example", "noor%2540mail.example"])
def test_n1_no_text_keeps_an_email_address(api: Api, written: str) -> None:
    page = {
        "path": f"/ar/account/{written}",
        "title": f"مرحبًا {written}",
        "url": f"{SHOP}/?utm_source={written}",
    }
    calls = [
        {"type": "page", "properties": {**page, "search": f"?q={written}", "name": "Account"}},
        {"type": "track", "event": "Products Searched", "properties": {"query": written, "results": 0}},
        {"type": "track", "event": "Cart Viewed", "properties": {"products": [{"name": written, "price": 3}]},
         "context": {"page": page, "campaign": {"name": written, "medium": "mail"}}},
    ]  # fmt: skip
    assert api.post("/v1/batch", {"writeKey": api.key, "batch": calls}).status == 200
    lines = api.lines()
    assert [word in line for line in lines for word in ("noor", "mail.example")] == [False] * 6
    assert [event.properties for event in api.events()] == [
        {"name": "Account"},
        None,
        {"products": [{"price": 3}]},
    ]
    assert {of for _, of, why in api.counts() if why == "address_in_text"} == {
        "path", "title", "search", "query", "name", "utm",
    }  # fmt: skip


@pytest.mark.parametrize("written", ["/ar/p/40", "2 @ 5.99", "فستان @ العيد", "@redtag", "a@b"])
def test_what_is_no_email_address_is_kept(api: Api, written: str) -> None:
    api.track(properties={"name": written})
    assert [event.properties for event in api.events()] == [{"name": written}]


def test_a_call_of_another_kind_is_another_event(api: Api) -> None:
    api.track("Page Viewed")
    assert api.counts() == {("Page Viewed", "", "undeclared_event"): 1}


def test_n1_only_families_and_the_country_are_kept_of_a_browser(api: Api) -> None:
    api.track(context={"page": PAGE})
    [kept] = api.events()
    assert (kept.country, kept.device, kept.browser, kept.system) == ("AE", "phone", "Mobile Safari", "iOS")
    assert (kept.language, kept.host, kept.path) == ("ar-AE", "redtag.example", "/ar/p/7")
    assert (kept.utm_source, kept.utm_medium, kept.utm_campaign) == ("news", "", "eid")
    assert (kept.user, kept.trails, kept.title) == ("", None, "")


def test_n1_no_line_holds_an_address(api: Api) -> None:
    api.track(context={"page": PAGE, "ip": "203.0.113.9"}, properties={"ip": EMIRATES})
    [line] = api.lines()
    assert [part in line for part in (EMIRATES, "5.195.20", "203.0.113")] == [False] * 3


def test_n1_a_visitor_is_one_for_a_day_by_network_browser_and_site(api: Api) -> None:
    for peer, agent in (
        (EMIRATES, BROWSER["user-agent"]), ("5.195.20.99", BROWSER["user-agent"]),
        ("5.195.21.7", BROWSER["user-agent"]), (EMIRATES, BROWSER["user-agent"] + " x"),
    ):  # fmt: skip
        api.peer = peer
        api.track(headers={**BROWSER, "user-agent": agent})
    first, neighbour, elsewhere, other = (event.visitor for event in api.events())
    assert (first == neighbour, len({first, elsewhere, other}), first > 0) == (True, 3, True)


def test_n1_identifiers_without_consent_are_dropped_and_counted(api: Api) -> None:
    api.track(anonymousId="a-1", userId="u-1")
    [kept] = api.events()
    assert (kept.trails, kept.user) == (None, "")
    assert api.counts() == {("Product Viewed", "", ""): 1, ("Product Viewed", "", "id_without_consent"): 1}


def test_n1_consent_gives_each_purpose_a_pseudonym_of_its_own(api: Api) -> None:
    api.track(anonymousId="a-1", context=AGREED)
    api.track(anonymousId="a-1", context={"consent": {"categoryPreferences": {"analytics": True}}})
    api.track(anonymousId="a-1", context={"consent": {"categoryPreferences": {"analytics": "true"}}})
    both, one, none = api.events()
    assert both.trails == {name: pseudonyms.person(name, "a-1") for name in ("content", "product_fit")}
    assert (one.trails, none.trails) == ({"product_fit": pseudonyms.person("product_fit", "a-1")}, None)
    assert len(set((both.trails or {}).values())) == 2
    assert "a-1" not in "".join((both.trails or {}).values())


def test_n1_a_purpose_that_an_event_does_not_serve_gets_no_trail(api: Api) -> None:
    api.track(
        "Time Engaged",
        anonymousId="a-1",
        context=AGREED,
        properties={"view": "v", "sequence": 2, "engaged_ms": 9},
    )
    [kept] = api.events()
    assert (kept.trails, kept.view, kept.sequence, kept.engaged) == (None, "v", 2, 9)
    assert kept.properties is None


def test_n1_global_privacy_control_stops_what_the_policy_says(api: Api) -> None:
    api.track(headers={**BROWSER, "sec-gpc": "1"}, anonymousId="a-1", context=AGREED)
    [kept] = api.events()
    assert kept.trails is None
    assert api.counts() == {("Product Viewed", "", ""): 1, ("Product Viewed", "", "gpc"): 1}


def test_a_user_who_agreed_has_a_pseudonym_of_the_day(api: Api) -> None:
    api.track(userId="u-1", context=AGREED)
    api.track(userId="u-2", context=AGREED)
    first, second = (event.user for event in api.events())
    assert (len(first), len(second), first == second) == (16, 16, False)


@pytest.mark.parametrize(
    "agent", ["", CRAWLER, "Mozilla/5.0 HeadlessChrome/126.0", "curl/8.5.0", "python-requests/2.32"]
)
def test_bots_are_dropped_and_counted(api: Api, agent: str) -> None:
    assert api.track(headers={**BROWSER, "user-agent": agent}).status == 200
    assert (api.events(), api.counts()) == ([], {("Product Viewed", "", "bot"): 1})


def test_haste_is_a_machines(api: Api) -> None:
    batch = [{"type": "track", "event": "Product Viewed"}] * 700
    api.post("/v1/b", {"writeKey": api.key, "batch": batch})
    assert api.counts() == {("Product Viewed", "", ""): 600, ("Product Viewed", "", "bot"): 100}


def test_many_people_in_one_network_of_a_carrier_are_no_machine(api: Api) -> None:
    batch = [{"type": "track", "event": "Product Viewed"}] * 20
    for last in range(1, 101):
        api.peer = f"{EMIRATES.rpartition('.')[0]}.{last}"
        api.post("/v1/b", {"writeKey": api.key, "batch": batch})
    assert api.counts() == {("Product Viewed", "", ""): 2000}
    assert len({event.visitor for event in api.events()}) == 1


def test_a_server_speaks_for_the_browser_it_names(api: Api) -> None:
    context = {
        "userAgent": BROWSER["user-agent"],
        "ip": EMIRATES,
        "locale": "en-GB",
        "library": {"name": "x"},
    }
    event = {"event": "Product Viewed"}
    server = {**basic(api.made.server_key), "user-agent": "python-requests/2.32"}
    api.peer = "198.51.100.1"
    for content in ({**event, "context": context}, event):
        assert api.post("/v1/t", content, server).status == 200
    named, nobody = api.events()
    assert (named.country, named.device, named.language, named.visitor > 0) == ("AE", "phone", "en-GB", True)
    assert (nobody.country, nobody.device, nobody.visitor) == ("", "other", 0)


def test_an_address_is_believed_from_a_server_alone(api: Api) -> None:
    context = {"userAgent": BROWSER["user-agent"], "ip": EMIRATES, "library": {"name": "analytics-python"}}
    headers = {**basic(api.key), "user-agent": "python-requests/2.32"}
    api.post("/v1/t", {"event": "Product Viewed", "context": context}, headers)
    [kept] = api.events()
    assert (kept.country, kept.device) == ("", "phone")


def test_four_times_are_kept_and_a_wrong_clock_is_corrected(api: Api) -> None:
    api.track(originalTimestamp="2020-01-01T00:00:00Z", sentAt="2020-01-01T00:00:05.500Z")
    api.track(timestamp="2020-01-01T00:00:00Z")
    slow, invented = api.events()
    assert (slow.sent or 0) - (slow.original or 0) == 5500
    assert slow.received - slow.at == 5500
    assert (invented.at - invented.received, invented.original, invented.sent) == (0, 1577836800000, None)


def test_what_cannot_be_read_in_a_batch_is_counted_and_the_rest_is_kept(api: Api) -> None:
    batch = [{"type": "track", "event": "Product Viewed"}, {"type": "track", "event": 7}, 5, None]
    assert api.post("/v1/b", {"writeKey": api.key, "batch": batch}).status == 200
    assert (len(api.events()), api.counts()[("", "", "malformed")]) == (1, 3)


def test_refused_requests_are_counted_too(api: Api) -> None:
    api.post("/v1/t", {"writeKey": "nobody's", "event": "x"})
    api.track(headers={**BROWSER, "origin": "https://elsewhere.example"})
    api.post("/v1/t", b"{")
    assert api.door._taking is not None
    api.runner.run(_counted(api))
    assert {key: number for key, number in api.counts().items() if key[0] == ""} == {
        ("", "", "no_such_key"): 1, ("", "", "origin"): 1, ("", "", "malformed"): 1,
    }  # fmt: skip


async def _counted(api: Api) -> None:
    assert api.door._taking is not None
    api.door._taking.count_strays()
    await api.door._taking.settle(5)


def test_the_numbers_can_be_read(api: Api) -> None:
    api.track(properties={"secret": 1})
    api.track("Nothing")
    today = dt.datetime.now(dt.UTC).date()
    source = api.made.sender.id
    assert api.counts() == {
        ("Product Viewed", "", ""): 1,
        ("Nothing", "", "undeclared_event"): 1,
        ("Product Viewed", "secret", "undeclared_property"): 1,
    }
    assert queries.counted_by_source(first=today, last=today) == {source: (1, 1)}


def test_a_zero_character_is_refused(api: Api) -> None:
    api.track(properties={"name": "a\0b"})
    assert (api.events(), api.counts()) == ([], {("Product Viewed", "", "malformed"): 1})
