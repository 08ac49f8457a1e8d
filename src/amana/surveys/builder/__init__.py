"""Where staff write surveys, publish them, and open them in the shops.

Every edit is a revision that undo leads back from; a published version never changes and never goes. What is published
is what the running policy lists: a question bound to a category that it does not list for surveys is refused.
"""
