"""Surveys as workbooks after the XLSForm specification, in and out; what one side cannot hold is listed by name.

It keeps nothing: what is read becomes a draft, checked as any draft is; what is written is a design without answers.
"""
