"""Whose browser is whose: edges from a pseudonym to a customer, and which customers are one person.

An edge is made by signing in, by a link from the person's own mailbox, or by a server of the retailer that holds the
secret key; by nothing else, and never by an address that a browser sent. Edges, merges and what ends them are rows that
are added and never changed; the application may only read them, functions of the database add them.
"""
