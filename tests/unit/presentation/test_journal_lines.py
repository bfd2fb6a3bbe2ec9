"""What is said of a journal, in words that leave no doubt about what is missing."""

from __future__ import annotations

import pytest

from tui.journal.chain import Verification, Wholeness
from tui.presentation.journal_lines import journal_lacks_text, verification_text


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
