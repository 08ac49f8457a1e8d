"""Closing the loop (U3): who was dissatisfied is answered by somebody, by a time, and the shop says what it changed.

A case points at an answer and never holds a word of it: words open through the gate for the case's owner alone, and a
reply leaves through `post` for `feedback`, by a channel the person allowed. Who allowed nothing gets no case.
"""
