"""What is no TOML is told with what to do about it, and without what may be secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.settings.file import find_problems
from tui.settings.model import SettingsTable

SINGLE = "between single quotes, as in user = 'DOMAIN\\user'."


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (r'user = "NOC\dave"', SINGLE),
        (r'user = "NOC\udo"', SINGLE),
        (r'user = "NOC\Udo"', SINGLE),
        (r'user = "NOC\ud800"', SINGLE),
        ('user = "NOC\\', SINGLE),
        (r'ca_file = "C:\temp\ca.pem"', SINGLE),
        (r'server = "em01\nodes"', SINGLE),
        (r'password_command = ["C:\bin\pass"]', SINGLE),
        (r"user = NOC\dave", "A text stands between quotes"),
        ("server = em01", "A text stands between quotes"),
        ("server = 10.0.0.1", "A text stands between quotes"),
        ("rto = 5m", "A text stands between quotes"),
        ("no_mouse = True", "Write true or false"),
        ("no_mouse = yes # as I like it", "Write true or false"),
        ("server: 'em01'", "stands =, not a colon"),
        ("server = “em01”", "quotes for print"),
        ("server = 'em01", "A quote is opened, not closed."),
        ('server = "em01', "A quote is opened, not closed."),
        ('server = "em01\n', "A quote is opened, not closed."),
        ("password_command = ['a'", "A list ends with ]."),
        ("[profiles.drill site]", "[profiles.'drill site']"),
        ("interval = 5\ninterval = 6", "in the file twice"),
        ("[profiles.a]\n[profiles.a]", "in the file twice"),
    ],
)
def test_each_usual_mistake_has_its_hint(line: str, hint: str) -> None:
    found = find_problems(Path("c.toml"), f"[defaults]\n{line}")
    assert isinstance(found, list)
    (problem,) = found
    assert problem.startswith("c.toml, ")
    assert hint in problem


@given(st.text(max_size=60))
def test_the_line_itself_is_never_repeated(text: str) -> None:
    found = find_problems(Path("c.toml"), f"[profiles.a]\nproxy = hunter2-{text}")
    assert not isinstance(found, SettingsTable)
    assert not any("hunter2" in each for each in found)
