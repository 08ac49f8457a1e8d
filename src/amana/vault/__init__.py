"""The vault: sealed identity, one random key per person, blind and token indexes, the erase journal, the
backups' catalogue.

It serves every purpose alike and knows none: who may read is decided by the gate, and only the gate imports
this room. It never keeps a key in the database, never opens a value for another person, field or version than
the one asked for, never writes a plaintext anywhere, and never names a person in an error.
"""
