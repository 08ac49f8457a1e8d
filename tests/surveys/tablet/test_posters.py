"""Posters: a page for each shop, in the brand's colour, with a code that leads where the address says."""

import re
import zlib
from contextlib import suppress

import pytest
import segno

from amana.retailer import queries as retailer
from amana.surveys.tablet import posters
from tests.surveys.tablet.conftest import SignedIn
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
POSTERS = "/en/console/posters"
POINTS_A_MM = 72 / 25.4
SIZES = {"a4": (210, 297), "a5": (148, 210)}


def inflated(pdf: bytes) -> bytes:
    """Return a PDF's objects in the open."""
    found = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return b"\n".join(found)


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """Return the size of each page in mm."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", inflated(pdf))
    return [(round(float(wide) / POINTS_A_MM), round(float(high) / POINTS_A_MM)) for wide, high in boxes]


def modules(svg: str) -> int:
    """Return how wide a code is, in modules with its margin."""
    [width] = re.findall(r'viewBox="0 0 (\d+) \d+"', svg)
    return int(width)


@pytest.mark.parametrize("paper", posters.PAPERS)
def test_one_page_for_each_shop(world: World, paper: str) -> None:
    shops = retailer.shops()
    assert pages(posters.pdf(shops[:1], paper=paper)) == [SIZES[paper]]
    assert pages(posters.pdf(shops, paper=paper)) == [SIZES[paper]] * len(shops)


def test_the_letters_are_those_of_the_pages_and_embedded(world: World) -> None:
    made = inflated(posters.pdf(retailer.shops()[:1], paper="a4"))
    fonts = {name.decode().split("+")[1] for name in re.findall(rb"/FontName\s*/([A-Z]{6}\+[\w-]+)", made)}
    assert {font.partition("-")[0] for font in fonts} == {"IBMPlexSansArabic"}


def test_the_code_leads_to_the_address_that_is_written_under_it(world: World) -> None:
    shop = retailer.shops()[0]
    place = posters.place(shop)
    assert place.link == f"http://{place.address}?by=qr"
    assert place.address.endswith(f"/ar/survey/{shop.slug}")
    made = segno.make(place.link, error=posters.RESISTS, micro=False)
    assert modules(posters.code(place.link)) == made.symbol_size(border=2)[0]


def test_what_is_written_on_the_brand_can_be_read() -> None:
    assert [posters._ink_on(colour) for colour in ("#b3131b", "#f5d90a", "#000000", "#ffffff")] == [
        "#ffffff", "#17211e", "#ffffff", "#17211e",
    ]  # fmt: skip


def test_posters_are_downloaded_by_those_who_run_shops(signed_in: SignedIn) -> None:
    shops = retailer.shops()
    answer = signed_in("marketing").get(f"{POSTERS}/a4.pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert (answer.content[:5], len(pages(answer.content))) == (b"%PDF-", len(shops))
    manager = signed_in("shop_manager", (shops[1].id,))
    assert len(pages(manager.get(f"{POSTERS}/a5.pdf").content)) == 1
    assert manager.get(f"{POSTERS}/{shops[1].slug}/a4.pdf").status_code == 200
    assert manager.get(f"{POSTERS}/{shops[0].slug}/a4.pdf").status_code == 403
    assert manager.get(f"{POSTERS}/{shops[1].slug}/a3.pdf").status_code == 404
    assert signed_in("service").get(POSTERS).status_code == 403
