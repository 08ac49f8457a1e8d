"""The demo's shop: a few pages that carry the tag, so that everything the website tells can be seen. It sells nothing.

Served only in the demo (AMANA_DEMO). It keeps nothing of its visitors: no account, no basket, no cookie. "Sign in"
leads to Amana's own pages and back, as on any website that carries the tag.
"""
