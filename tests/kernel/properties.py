"""How properties are tried here: the same examples at every run, and no deadline on a busy machine."""

from hypothesis import settings

steady = settings(deadline=None, derandomize=True, database=None)
