"""Text as a server can send it, for property-based tests."""

from __future__ import annotations

from hypothesis import strategies as st

HOSTILE = [
    "",
    "VM[prod]",
    "[/foo]",
    "[bold red]x[/]",
    "\x1b[2J\x1b[1;1H",
    "\x1b]0;title\x07",
    "a\r\nb\nc\x85d\u2028e",
    "tab\there",
    "\x00\x7f\x9b31m",
    "漢字サーバー",
    "👩‍👩‍👧‍👦 family",
    "👍🏽 thumb",
    "🇩🇪🇫🇷",
    "❤️ ☁️",
    "e\u0301" * 20,
    "z" + "\u0301" * 50 + "algo",
    "\u0301leading mark",
    "\u202eevil\u202c",
    "مرحبا بالعالم",
    "שלום",
    "\ud800 half",
    "ᄀ각각",
    "นี่คือ",
    "हिन्दी",
    "\u200bzero\ufeffwidth",
    "\xadsoft",
    "\ue000private",
    "ﷺ",
    "x" * 10_000,
]
PIECES = st.one_of(
    st.sampled_from(HOSTILE[:-1]),
    st.text(max_size=12),
    st.text(alphabet=st.characters(categories=["Mn", "Mc", "Me", "Cf", "So", "Lo"]), max_size=6),
    st.text(alphabet="漢👍🏽🇩🇪\u200d\ufe0f\u0301ab \x1b\n", max_size=12),
)
OUTSIDE = st.lists(PIECES, max_size=5).map("".join)
"""Any text: wide, combining, joined, control, surrogate, right to left, markup."""

WIDTHS = st.integers(0, 60)
