from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.watch_process import environment_with_password


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a watch in a process of its own inherits."""
    return environment_with_password(tmp_path)
