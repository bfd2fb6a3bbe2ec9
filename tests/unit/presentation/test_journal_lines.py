"""What is said of a journal, in words that leave no doubt about what is missing."""

from __future__ import annotations

import pytest

from tests.support.states import plain
from tui.journal.chain import Verification, Wholeness
from tui.presentation.glyphs import ASCII, UNICODE
from tui.presentation.journal_lines import journal_lacks_text, journal_lines, verification_text
from tui.presentation.line import length


def test_while_it_can_be_kept_nothing_is_said() -> None:
    assert journal_lines(None, 80, UNICODE) == []


def test_why_it_cannot_be_kept_is_one_line_of_warning() -> None:
    (line,) = journal_lines("No space left on device", 80, UNICODE)
    assert plain(line).rstrip() == (
        " ⚠ The journal cannot be kept as it should: No space left on device."
    )
    assert {token for text, token in line if text.strip()} == {"warning"}
    (narrow,) = journal_lines("\x1b[2J漢字", 30, ASCII)
    assert length(narrow) == 30
    assert plain(narrow).isprintable()


@pytest.mark.parametrize(("missing", "said"), [(1, "1 record is"), (2, "2 records are")])
def test_what_could_not_be_written_is_counted(missing: int, said: str) -> None:
    assert journal_lacks_text(missing) == (
        f"{said} missing in the journal: they could not be written."
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Verification(Wholeness.WHOLE, 0), "Whole: 0 lines."),
        (Verification(Wholeness.WHOLE, 1), "Whole: 1 line."),
        (Verification(Wholeness.WHOLE, 2), "Whole: 2 lines."),
        (
            Verification(Wholeness.TORN, 7, at=8),
            "Torn at the end, in line 8; the 7 lines before it are whole.",
        ),
        (
            Verification(Wholeness.ALTERED, 3, at=4),
            "Altered at line 4; the 3 lines before it are whole.",
        ),
        (Verification(Wholeness.EMPTY, 0), "Empty: no line of a journal."),
    ],
)
def test_what_became_of_its_chain(found: Verification, said: str) -> None:
    assert verification_text(found) == said
