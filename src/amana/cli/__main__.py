"""`python -m amana.cli`: how the supervisor starts its own parts, whatever the PATH is."""

from amana.cli import main

main(prog_name="amana")
