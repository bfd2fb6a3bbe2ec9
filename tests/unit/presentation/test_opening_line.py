"""The first words of a start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui import __version__
from tui.presentation.opening_line import opening_line
from tui.presentation.text import cells
from tui.server_address import ServerAddress

EM01 = ServerAddress("https", "em01")
BEGIN = f"failover-monitor {__version__} is starting"


@pytest.mark.parametrize(
    ("server", "user", "instead", "said"),
    [
        (EM01, r"NOC\jdoe", "", rf"{BEGIN}, for NOC\jdoe at em01 ..."),
        (EM01, None, "", f"{BEGIN}, for the server em01 ..."),
        (None, "jdoe", "", f"{BEGIN}, for jdoe ..."),
        (None, None, "", f"{BEGIN} ..."),
        (EM01, "jdoe", "a rehearsal", f"{BEGIN} a rehearsal ..."),
        (ServerAddress("http", "::1", 80), "jdoe", "", f"{BEGIN}, for jdoe at [::1]:80 ..."),
    ],
)
def test_what_is_known_is_said(
    server: ServerAddress | None, user: str | None, instead: str, said: str
) -> None:
    assert opening_line(server, user, 80, instead=instead) == said


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (20, ""),
        (0, ""),
        (21, "failover-monitor ..."),
        (len(f"{BEGIN} ...") + 1, f"{BEGIN} ..."),
        (len(f"{BEGIN} ..."), f"{BEGIN}..."),
    ],
)
def test_it_leaves_the_last_cell_of_its_row_free(width: int, said: str) -> None:
    assert opening_line(None, None, width) == said


@given(user=st.text(min_size=1, max_size=60), width=st.integers(0, 120))
def test_whatever_the_user_is_called_it_is_one_printable_row(user: str, width: int) -> None:
    line = opening_line(EM01, user, width)
    assert cells(line) < max(width, 1)
    assert line.isprintable()
