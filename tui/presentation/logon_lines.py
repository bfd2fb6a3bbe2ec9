"""What is said of keeping a logon."""

from __future__ import annotations

import shlex

from tui.presentation.text import clean


def offer_to_keep(key: str, server: str, user: str) -> str:
    """Said once, after a logon that was typed and worked."""
    return f"{key} keeps {clean(server)} and {clean(user)} as a profile; never the password."


def profile_kept(name: str) -> str:
    """Said once it is written; as short as on a phone it must be."""
    return f"Kept: failover-monitor --profile {shlex.quote(clean(name))}"
