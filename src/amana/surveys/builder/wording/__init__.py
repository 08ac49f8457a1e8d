"""Rules put into words: an expression as a sentence in Arabic and English, with the survey's own labels.

`sentences` is the way in. What cannot be said stays the expression itself, in code type.
"""
