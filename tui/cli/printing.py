"""Lines of the commands: whatever they tell of, a terminal gets printable characters only."""

from __future__ import annotations

import click


def printable(text: str) -> str:
    """Names, paths and values from files and servers may hold anything; line breaks stay."""
    return "\n".join(
        "".join(c if c.isprintable() else "�" for c in line) for line in text.split("\n")
    )


def say(text: str, *, err: bool = False) -> None:
    """Print it, as lines of printable characters."""
    click.echo(printable(text), err=err)
