"""When two names are one: as a person and as Windows and vSphere read them."""

from __future__ import annotations


def folded(name: str) -> str:
    """What a name is compared by: case and outer blanks do not count."""
    return name.strip().casefold()
