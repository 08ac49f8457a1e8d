"""Promotions: written in both languages, planned to whoever may be written to, handed over, and accounted for.

Uses the purpose `marketing` (U2) and nothing else. Never sees who receives a mail: people are counted by the
gate, planned under its tasks and written to by the post room, which opens them one small batch at a time. A
campaign keeps words, a state and counts; it holds nobody's data.
"""
