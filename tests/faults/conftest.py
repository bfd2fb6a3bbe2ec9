from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.names import Names
from tests.support.same_everywhere import without_the_machine

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of the machine, its proxies or chance that these tests run with shows."""
    yield from without_the_machine(monkeypatch, _PROXIES)


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """The name server of these tests, inside the process."""
    names = Names()
    monkeypatch.setattr("socket.getaddrinfo", names.look_up)
    return names
