"""The surveys' deployment is the customers' one."""

from tests.customers.conftest import mailed, world

__all__ = ["mailed", "world"]
