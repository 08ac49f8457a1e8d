"""The tag's address."""

from django.urls import path

from amana.collect.tag import public

API = [path("amana.js", public.tag, name="tag")]
