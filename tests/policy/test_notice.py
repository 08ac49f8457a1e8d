"""The notice: what it says comes from the published policy, in both languages."""

import datetime as dt
from uuid import UUID

import pytest

from amana.kernel.sheets import BYTE_ORDER_MARK
from amana.kernel.text import Language
from amana.policy import parsing, record
from amana.policy.notice import Notice, Proof, Use, notice
from amana.policy.queries import Published, Version
from tests.policy.test_redtag import CLAUSES

AT = dt.datetime(2026, 11, 1, 21, 30, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def published(text: str) -> Published:
    return Published(Version(4, bytes(32), AT, UUID(int=1)), text, parsing.parse(text))


def use(shown: Notice, clause: str) -> Use:
    [found] = [found for part in shown.parts for found in part.uses if found.clause == clause]
    return found


@pytest.mark.parametrize("language", ["ar", "en"])
def test_y1_every_clause_is_shown_once(published: Published, language: Language) -> None:
    parts = notice(published, language).parts
    shown = [told.clause for part in parts for told in part.uses]
    shown += [told.clause for part in parts for told in part.answers]
    assert sorted(shown) == sorted(CLAUSES)
    assert [part.id for part in parts] == ["c", "u", "p", "t", "n", "r", "y"]


def test_y1_arabic(published: Published) -> None:
    shown = notice(published, "ar")
    assert (shown.version, shown.since) == (
        4,
        "2 نوفمبر 2026",
    )  # half past nine in UTC is the next day in Dubai
    assert shown.title == "وعودنا لك، والدليل على وفائنا بها"
    assert [part.short for part in shown.parts] == [
        "ما نجمعه",
        "كيف نستخدمه",
        "كيف نحميه",
        "مواقع أخرى",
        "ما يرسله المتصفح",
        "حقوقك",
        "هذه السياسة",
    ]


def test_u2_marketing_in_both_languages(published: Published) -> None:
    arabic, english = use(notice(published, "ar"), "U2"), use(notice(published, "en"), "U2")
    assert (arabic.question, arabic.ground, arabic.asks) == ("هل ستصلني منكم عروض؟", "بموافقتك", True)
    assert (english.question, english.ground, english.asks) == (
        "Will you send me offers?",
        "With your consent",
        True,
    )
    assert [(item.label, item.detail) for item in english.particulars] == [
        ("Information used", "Name, E-mail address, Mobile phone, Gender, Year of birth, City, Language"),
        ("Ways of reaching you", "E-mail, Text messages, WhatsApp, Phone notifications"),
        ("Who sees it", "Marketing, The system itself"),
        ("Who handles it", "RedTag itself, The hosting provider, The message delivery provider"),
        ("At most for", "2 years"),
        ("Minimum age", "18"),
    ]


def test_u6_grounds_that_differ_are_told_for_each_place(published: Published) -> None:
    fraud = use(notice(published, "en"), "U6")
    assert (fraud.ground, fraud.asks) == ("To do what you ordered or Legitimate interest", False)
    assert fraud.particulars[4].detail == (
        "United Arab Emirates: To do what you ordered; Saudi Arabia: Legitimate interest;"
        " European Union: Legitimate interest"
    )


def test_c3_lists_every_category_with_sources_and_retention(published: Published) -> None:
    [categories] = [told for told in notice(published, "en").parts[0].answers if told.clause == "C3"]
    assert len(categories.items) == 14
    assert (categories.items[6].label, categories.items[6].detail, categories.items[6].tag) == (
        "Your opinion and remarks",
        "A survey in the shop, Our website or your account · 2 years",
        "Sensitive",
    )


def test_p3_recipients_carry_country_and_safeguard(published: Published) -> None:
    [told] = [told for told in notice(published, "ar").parts[2].answers if told.clause == "P3"]
    assert [(item.label, item.tag) for item in told.items] == [
        ("ردتاغ نفسها", "الإمارات العربية المتحدة"),
        ("مزوّد الاستضافة", "الإمارات العربية المتحدة"),
        ("مزوّد توصيل الرسائل", "الإمارات العربية المتحدة"),
    ]


def test_r5_rights_end_with_time_limits_and_authorities(published: Published) -> None:
    [told] = [told for told in notice(published, "en").parts[5].answers if told.clause == "R5"]
    assert [(item.label, item.detail) for item in told.items[-3:]] == [
        ("United Arab Emirates", "answered within 30 days · UAE Data Office"),
        (
            "Saudi Arabia",
            "answered within 30 days · Saudi Data and Artificial Intelligence Authority (SDAIA)",
        ),
        ("European Union", "answered within 30 days · The data protection authority where you live"),
    ]


def test_figures_stand_beside_their_section_and_nowhere_else(published: Published) -> None:
    proof = Proof("p", "214", "refused", "counted in the public record")
    assert [part.proofs for part in notice(published, "en").parts] == [()] * 7
    assert [part.proofs for part in notice(published, "en", [proof]).parts] == [
        (),
        (),
        (proof,),
        (),
        (),
        (),
        (),
    ]


def test_record_of_processing_has_every_purpose(published: Published) -> None:
    rows = record.record(published, "en")
    assert [row.clause for row in rows] == ["U1", "U2", "U3", "U4", "U5", "U6", "U7", "R4", "C5", "R5", "N1"]
    assert rows[3].sensitive == ("Nationality",)
    lines = record.as_csv(published, "ar").removeprefix(BYTE_ORDER_MARK).split("\r\n")
    assert (len(lines), lines[0].split(",")[:2]) == (13, ["البند", "الغرض"])


@pytest.mark.parametrize("language", ["ar", "en"])
def test_c2_every_event_stands_in_the_notice_with_all_it_tells(
    published: Published, language: Language
) -> None:
    [told] = [told for told in notice(published, language).parts[0].answers if told.clause == "C2"]
    events = published.policy.website.events
    assert [one.label for one in told.recorded] == [event.wording.in_(language) for event in events.values()]
    for one, event in zip(told.recorded, events.values(), strict=True):
        for found in event.properties.values():
            assert one.particulars.lower().count(found.wording.in_(language).lower()) >= 1
    assert len(told.headings) == 3


def test_c2_each_purpose_tells_its_ground_its_time_and_what_stops_it(published: Published) -> None:
    [told] = [told for told in notice(published, "en").parts[0].answers if told.clause == "C2"]
    assert [(item.label, item.tag, item.url) for item in told.items] == [
        ("Aggregate figures, without identity", "", ""),
        ("Content that suits you", "With your consent", "#U1"),
        ("Products closer to your needs", "With your consent", "#U4"),
        ("Preventing fraud and misuse", "To do what you ordered or Legitimate interest", "#U6"),
        ("Details of your account", "", ""),
    ]
    assert told.items[1].detail == (
        "under a stand-in made for this use alone · 1 year · stopped by the Global Privacy Control signal"
    )
    assert told.items[3].detail == "without tying one day's visit to the next · 1 year and 1 month"


def test_n1_what_the_signal_stops_is_told(published: Published) -> None:
    [told] = [told for told in notice(published, "ar").parts[4].answers if told.clause == "N1"]
    assert (told.items[-1].label, told.items[-1].detail) == (
        "إشارة الخصوصية العالمية (GPC)",
        "توقف، ولو سبقت موافقتك: محتوى يناسبك، منتجات أقرب إلى احتياجاتك",
    )


def test_n1_the_record_tells_what_the_site_collects(published: Published) -> None:
    rows = record.record(published, "en")
    by_clause = {row.clause: row for row in rows}
    assert by_clause["U6"].website == ("Starting to check out", *by_clause["U6"].website[1:])
    assert [len(by_clause[clause].website) for clause in ("U1", "U2", "U4", "U6", "N1")] == [7, 0, 12, 4, 17]
    assert by_clause["N1"].retention == "1 year and 1 month"
    assert by_clause["N1"].categories[0] == "The domain you came from"
