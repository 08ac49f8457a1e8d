"""The website's figures: visits, pages, where they come from, how long they are read, computed over the lake.

Reads cookieless events only: a visitor is a number that lasts one day and is never shown. A person who comes on
three days is three daily visitors, so daily visitors are averaged per day and never added up to people. What was
searched in fewer than three visits is counted and not spelt out, because people type names and numbers there.
"""
