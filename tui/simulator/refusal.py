"""A request that is answered with an Error."""

from __future__ import annotations

from collections.abc import Mapping


class Refusal(Exception):
    """Answered with `status`, `headers` and an Error body that says `message`."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}
