"""Taking a survey: pages with and without scripts, codes to add later who one is, frames on websites, invitations.

Anonymous first: a page sets no cookie and stores nothing, nothing about the person is needed, and an invitation's
link is the same for everybody who gets it. What is answered goes the way of every answer, through `intake`.
"""
