"""What is in a JSON document, however deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def every_member(value: Any) -> Iterator[tuple[str, Any]]:
    """The members of all objects in it, each by its name."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key, each
            yield from every_member(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_member(each)
