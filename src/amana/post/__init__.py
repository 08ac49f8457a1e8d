"""The post room: hand messages over to those who carry them, and take in the mail that comes.

It sends under the purpose its caller planned (U2 marketing, U7 draws, C5 confirmation, R2–R4 service, R5
rights) and keeps, for each message, who it is for by `CustomerId`, for which task, with which content and
what became of it. It never stores an address, a name or anything written by a customer in plain text, never
hands over to anyone the gate did not just allow, never sends twice what may have arrived, and never blames
a customer's address for the sender's own faults. What a person reads about in a mail is `content`; what
carries it is a `transport`.
"""
