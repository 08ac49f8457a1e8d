"""Shoppers who confirmed their address, and staff."""

from tests.customers.conftest import mailed, world

__all__ = ["mailed", "world"]
