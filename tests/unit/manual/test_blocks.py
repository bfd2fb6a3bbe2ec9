from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.manual.blocks import Code, Generated, Heading, Item, Paragraph, Term, blocks

TEXT = """\
# Title

First line
and second.

- one point
  goes on
- another
## Section
A message.
Another one.
: What to do
  about it.

<!-- exit: 1 -->
```sh
failover-monitor demo   # comment

next
```
<!-- generated: settings -->
<!-- a remark -->
"""


def test_every_kind_of_block() -> None:
    assert blocks(TEXT) == (
        Heading(1, "Title"),
        Paragraph("First line and second."),
        Item("one point goes on"),
        Item("another"),
        Heading(2, "Section"),
        Term(("A message.", "Another one."), "What to do about it."),
        Code(("failover-monitor demo   # comment", "", "next"), "sh", "exit: 1"),
        Generated("settings"),
    )


def test_code_without_an_end_is_a_defect_of_the_page() -> None:
    with pytest.raises(ValueError, match="line 3 has no end"):
        blocks("# T\n\n```sh\nls\n")


def test_a_marker_is_that_of_the_next_code_and_of_no_other() -> None:
    first, second = blocks("<!-- x -->\n<!-- y -->\n```sh\na\n```\n```sh\nb\n```\n")
    assert isinstance(first, Code)
    assert isinstance(second, Code)
    assert (first.marker, second.marker) == ("x; y", "")


WORDS = st.lists(st.sampled_from(["-", "#", "<!--", ": ", "x", "", "```", "- "]), max_size=12)


@given(st.lists(WORDS.map(" ".join), max_size=12))
def test_any_text_is_blocks_or_says_where_its_code_has_no_end(lines: list[str]) -> None:
    try:
        blocks("\n".join(lines))
    except ValueError as error:
        assert "has no end" in str(error)  # noqa: PT017 - anything else is a defect
