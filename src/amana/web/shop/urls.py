"""The shop's addresses, each with its language in it."""

from django.urls import path

from amana.web.shop import pages

PAGES = [
    path("shop/", pages.by_language, name="shop-by-language"),
    path("shop/<str:tongue>/", pages.front, name="shop"),
    path("shop/<str:tongue>/search", pages.search, name="shop-search"),
    path("shop/<str:tongue>/bag", pages.bag, name="shop-bag"),
    path("shop/<str:tongue>/thanks", pages.thanks, name="shop-thanks"),
    path("shop/<str:tongue>/<slug:name>", pages.department, name="shop-department"),
    path("shop/<str:tongue>/<slug:name>/<slug:item>", pages.good, name="shop-good"),
]
