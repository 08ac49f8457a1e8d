"""The commands; filled below."""

import click


@click.group()
def main() -> None:
    """Run Amana."""
