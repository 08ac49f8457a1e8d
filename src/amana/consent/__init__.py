"""Consent: who allowed, objected to or restricted what, when and on which wording.

Keeps confirmed addresses too, and issues receipts. Serves every purpose and uses none. Decisions are
appended by the gate's functions alone, which hold the person's lock; nothing here knows who a person is.
"""
