"""What is said of keeping a logon: never that the password is kept."""

from __future__ import annotations

import shlex

from hypothesis import given

from tests.support.outside_texts import OUTSIDE
from tui.presentation.logon_lines import offer_to_keep, profile_kept


def test_the_offer_says_what_is_kept_and_what_never_is() -> None:
    assert offer_to_keep("k", "em01", "NOC\\jdoe") == (
        "k keeps em01 and NOC\\jdoe as a profile; never the password."
    )


def test_how_to_come_back_can_be_pasted_into_a_shell() -> None:
    assert profile_kept("em01") == "Kept: failover-monitor --profile em01"
    assert profile_kept("my server") == "Kept: failover-monitor --profile 'my server'"


@given(OUTSIDE)
def test_no_name_makes_two_words_or_another_command(name: str) -> None:
    said = profile_kept(name).removeprefix("Kept: ")
    assert said.isprintable()
    assert len(shlex.split(said)) == 3
    assert offer_to_keep("k", name, name).isprintable()
