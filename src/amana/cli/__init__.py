"""The one command `amana`: start and stop the parts, and what an operator does by hand.

Uses no purpose. Never opens personal data; whoever needs some asks the gate in a room above it.
"""

from amana.cli.main import main

__all__ = ["main"]
