"""Give every room its common words: ids, time, two languages, normalised input, and refusals.

The kernel serves no purpose of its own and keeps no personal data: it holds no models, reads no settings and
calls no other room. What it is given it checks, normalises and returns; it never logs it.
"""
