"""The names of the themes, for whoever must know them before a screen is loaded."""

from __future__ import annotations

THEME_NAMES = ("dark", "light", "contrast", "blue-orange")
"""In the order in which a person steps through them; `tui.theme` has the colours."""

AUTO = "auto"
"""Dark or light, as the terminal's background is, whatever was chosen before."""

CHOICES = (AUTO, *THEME_NAMES)
