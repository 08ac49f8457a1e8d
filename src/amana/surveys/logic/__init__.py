"""What a survey asks next, whether an answer holds, and what a text says with earlier answers in it.

Expressions are XPath as XLSForm uses it. They are parsed once, here, into trees of plain JSON, and walked by two
evaluators that agree: this package and `static/surveys/logic.js`.
"""
