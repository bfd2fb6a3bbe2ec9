"""Names and messages made to break a screen: markup, escapes, scripts of all kinds."""

from __future__ import annotations

from typing import Final

NAMES: Final = (
    "VM[prod]",
    "[/foo]",
    "[bold red]sql[/]",
    "\x1b[2Jwiped",
    "tab\there",
    "two\nlines",
    "bell\x07-and-nul\x00",
    "c1\x9b31mred",
    "\u540d\u524d\u306e\u9577\u3044\u4eee\u60f3\u30de\u30b7\u30f3-01",
    "cafe\u0301-e\u0301\u0302\u0303\u0304",
    "\u05e9\u05e8\u05ea-\u0645\u0644\u0641\u0627\u062a-07",
    "\u202eevil-txt.exe\u202c",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467-family",
    "zero\u200bwidth\ufeff",
    "&lt;b&gt; \"quoted\" 'n' \\back\\",
    "$(reboot); `id` %s {0} {{}}",
    "x" * 10_000,
    "twin",
    "twin",
    "",
    " ",
)
"""VM names, in boot order; two are the same and one is empty."""

MESSAGES: Final = (
    "[/foo] closes what was never opened",
    "Failed on datastore [DS-07] because [link=file:///etc/passwd]click[/link]",
    "\x1b]0;pwned\x07\x1b[31mred\x1b[0m \x1b[?1049l",
    "first line\r\nsecond line\n\tthird line",
    "\u4fdd\u5b58\u5148\u306e\u7a7a\u304d\u5bb9\u91cf\u304c\u4e0d\u8db3\u3057\u3066\u3044\u307e\u3059"
    * 6,
    "e\u0301\u0302\u0303\u0304\u0305" * 40,
    "\u202eright to left\u202c \u05d0\u05d1\u05d2",
    "long " * 2_000,
    "",
    "   ",
)
"""Failure messages; the second last is empty."""

PLAN: Final = 'Plan [bold]\u8a08\u753b[/bold] \x1b[2J\u202e&<>"'
