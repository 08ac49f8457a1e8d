"""Reading: what words are about, counted; what shops should have; and what nobody should have told us.

Words are opened through the gate, by the machine, for whoever allowed it (`feedback`), and only in memory: what is kept
is codes of themes, how somebody felt, products and sizes of a lexicon of ours. It never keeps a word, never recognises
a face, and lets go of what it read when its person withdraws.
"""
