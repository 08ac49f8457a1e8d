"""Answers on their way in: sealed where they were given, kept before they are acknowledged, taken in once.

Whoever answers seals a submission for the worker's key (`envelope`); the door keeps the sealed text and says so only
after the commit (`door`, `inbox`); the worker opens, judges and admits it (`taking`). What cannot be taken in stays
sealed among the refused until somebody has looked at why: nothing is thrown away silently, and nothing is taken twice.
"""
