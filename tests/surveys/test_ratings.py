"""Ratings: which surveys are open, what is shown of a person, and what forgetting leaves."""

from amana.gate import holdings
from amana.kernel import ids
from amana.kernel.text import Bilingual
from amana.surveys import holding, places, queries
from amana.surveys.models import Response
from tests.surveys.test_survey_pages import send
from tests.world import World


def test_every_open_shop_has_its_survey(world: World) -> None:
    found = queries.open_surveys()
    assert (len(found), found[0].slug, found[0].region) == (15, "deira", Bilingual("دبي", "Dubai"))


def test_c1_the_survey_asks_what_the_policy_lists_and_no_more(world: World) -> None:
    survey = queries.get_survey("olaya", "en")
    assert survey.fields == queries.ASKED
    assert [served.purpose for served in survey.served] == [
        "content", "marketing", "feedback", "product_fit", "draws",
    ]  # fmt: skip


def test_a_rating_is_shown_to_whom_it_belongs(world: World) -> None:
    send()
    response = Response.objects.get()
    assert response.customer is not None
    assert holding.disclose(ids.CustomerId(response.customer)) == {
        str(response.pk): {
            "shop": response.shop,
            "rating": 4,
            "answered_at": response.answered_at.isoformat(),
            "policy": 1,
        }
    }


def test_r3_forgetting_leaves_a_rating_without_its_person(world: World) -> None:
    send()
    response = Response.objects.get()
    assert response.customer is not None
    customer = ids.CustomerId(response.customer)
    assert (holding.forget(customer), holding.forget(customer), holding.disclose(customer)) == (1, 0, {})
    assert list(Response.objects.values_list("rating", "customer")) == [(4, None)]


def test_the_holding_is_declared() -> None:
    assert [one.columns for one in holdings.declared() if one.room == "surveys"] == [
        frozenset({"public.surveys_response.customer"})
    ]


def test_nationalities_begin_with_the_shops_own_country() -> None:
    for language, first in (("ar", "المملكة العربية السعودية"), ("en", "Saudi Arabia")):
        found = places.nationalities(language, first="SA")  # type: ignore[arg-type]
        assert found[0] == ("SA", first)
        assert [code for code, _ in found[:6]] == ["SA", "AE", "KW", "BH", "OM", "QA"]
        assert len({code for code, _ in found}) == len(found)


def test_a_mobile_is_called_as_the_country_calls_it() -> None:
    assert [places.mobile_label(country, "ar") for country in ("SA", "AE", "KW")] == [
        "رقم الجوال",
        "رقم الهاتف المتحرك",
        "رقم النقال",
    ]
