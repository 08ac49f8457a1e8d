"""How well words are read, held to a floor; and that the figures on the page are the ones that are measured."""

import datetime as dt
import json
import time
from dataclasses import asdict

import pytest

from amana.kernel.text import Language
from amana.surveys.reading import judging, keywords, lexicon, model, sensitive, themes
from amana.surveys.reading import measured as kept
from amana.surveys.reading.seasons import season
from tests.surveys.reading import measure

LEAST = 700
SLACK = 0.03


def test_there_are_sentences_enough_of_our_own_in_each_language() -> None:
    counts = {language: len(themes.corpus(language)) for language in measure.LANGUAGES}
    assert min(counts.values()) >= LEAST
    for language in measure.LANGUAGES:
        of_each = {
            theme: sum(theme in one.themes for one in themes.corpus(language)) for theme in themes.LEARNT
        }
        assert min(of_each.values()) >= 30, of_each


@pytest.mark.parametrize("language", measure.LANGUAGES)
def test_nothing_that_is_measured_was_learnt_from(language: Language) -> None:
    learnt = {one.text for one in themes.corpus(language)}
    assert [one.text for one in measure.held_out(language) if one.text in learnt] == []
    developed = (measure.HELD_OUT.parent / "developed" / "sensitive.txt").read_text("utf-8")
    assert [text for _, text in measure.candidates(language) if f"| {text}\n" in developed] == []


def test_the_figures_shown_are_the_ones_measured_and_above_the_floor() -> None:
    now, shown = measure.measure(), json.loads(kept.FILE.read_text("utf-8"))
    for part in ("themes", "sensitive"):
        for language in measure.LANGUAGES:
            for name, figures in shown[part][language].items():
                assert now[part][language][name] == pytest.approx(figures, abs=SLACK), (part, language, name)
    assert now["sentences"] == shown["sentences"]
    assert now["themes"]["ar"]["all"][2] >= 0.73
    assert now["themes"]["en"]["all"][2] >= 0.80
    assert min(now["sentiment"].values()) >= 0.75
    assert min(now["sensitive"][language]["all"][1] for language in measure.LANGUAGES) >= 0.85
    assert min(now["sensitive"][language]["all"][0] for language in measure.LANGUAGES) >= 0.9
    assert asdict(kept.measured())["sentiment"] == shown["sentiment"]


def test_learning_is_quick_and_always_alike() -> None:
    began = time.process_time()
    again = model.Model([*themes.corpus("ar"), *themes.corpus("en")])
    assert time.process_time() - began < 20
    texts = [one.text for one in measure.held_out("ar")]
    assert again.judge(texts) == model.model().judge(texts)


@pytest.mark.parametrize("text", ["", "👍👍", "asdfgh", "١٢٣", "…", "a" * 20_000, "<b>x</b>", "\x00\u202e"])
def test_what_says_nothing_counts_as_something_else_and_breaks_nothing(text: str) -> None:
    [read] = judging.read([text])
    assert set(read.themes) <= {themes.OTHER, *themes.LEARNT}
    assert sensitive.found(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "products", "sizes"),
    [
        ("I wanted running shoes size 42", ("trainers",), ("n42",)),
        ("ما لقيت عبايات مقاس اكس لارج", ("abaya",), ("xl",)),
        ("فساتين بنات عمر ٥ سنوات", ("girls",), ("y5",)),
        ("والأحذية الرياضية مقاس ٤٥", ("trainers",), ("n45",)),
        ("شنط المدرسة خلصانة", ("stationery",), ()),
        ("we come here for 3 years, a small shop", (), ()),
        ("size M t-shirts", ("tshirt",), ("m",)),
    ],
)
def test_goods_and_sizes_are_known_by_their_names(
    text: str, products: tuple[str, ...], sizes: tuple[str, ...]
) -> None:
    assert (lexicon.named(text).products, lexicon.named(text).sizes) == (products, sizes)


def test_every_name_of_a_product_leads_to_one_product() -> None:
    for code, product in lexicon.products().items():
        assert product.name.ar, code
        assert product.name.en, code
    assert keywords.theme_of("The queue at the till") == "waiting"
    assert keywords.theme_of("غرف القياس") == "fitting_rooms"
    assert keywords.theme_of("xyz") == ""


def test_the_rules_hold_what_they_were_developed_on() -> None:
    lines = (measure.HELD_OUT.parent / "developed" / "sensitive.txt").read_text("utf-8").splitlines()
    pairs = [line.partition("|") for line in lines if line and not line.startswith("#")]
    wrong = [
        text for kinds, _, text in pairs if bool(set(kinds.split()) - {"none"}) != bool(sensitive.found(text))
    ]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-02-17", "winter"), ("2026-02-18", "ramadan"), ("2026-03-19", "ramadan"), ("2026-03-20", "eid_fitr"),
        ("2026-05-18", "hajj"), ("2026-05-26", "eid_adha"), ("2026-05-31", "spring"), ("2026-08-20", "school"),
        ("2026-11-22", "november"), ("2026-12-02", "winter"), ("2077-11-16", "november"), ("2090-07-01", "summer"),
    ],
)  # fmt: skip
def test_seasons_follow_the_hijri_calendar_first(day: str, code: str) -> None:
    assert season(dt.date.fromisoformat(day)) == code
