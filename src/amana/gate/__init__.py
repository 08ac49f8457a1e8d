"""Gate: the only door to personal data, in and out.

What comes in is refused unless the published policy lists it; what goes out is asked for, recorded and committed
before it is taken. It serves every purpose and has none of its own. It never releases within a transaction, never
takes a time from its caller, and never lets a person out on a missing answer.
"""
