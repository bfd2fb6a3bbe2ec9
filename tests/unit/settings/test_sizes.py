from __future__ import annotations

import pytest

from tui.settings.sizes import SIZE_EXAMPLES, format_size, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500 MB", 500 * 10**6),
        ("2GB", 2 * 10**9),
        ("10k", 10_000),
        (" 7 b ", 7),
        ("1.5 GB", 1_500_000_000),
        ("1 tb", 10**12),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "5", "0 MB", "-1 MB", "1.55 GB", "many", "1 PB", "٣ MB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=SIZE_EXAMPLES):
        parse_size(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1_240, "1.2 kB"), (20_000_000, "20 MB"), (3 * 10**12, "3.0 TB")],
)
def test_sizes_as_they_are_shown(size: int, text: str) -> None:
    assert format_size(size) == text
