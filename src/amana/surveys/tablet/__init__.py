"""Surveys in the shop: tablets that are enrolled by a code, ask without a network, and show how they are; and posters.

The page of the tablet is the same for everybody and holds nobody's data. What is answered on it is sealed and signed
before it is written down (`static/surveys/store.js`); the protocol is the one of `surveys.intake`.
"""
