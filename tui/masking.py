"""This program's own secrets never come back: masked in every text from outside.

A server, a proxy or a command may repeat in a message what it was sent: the password, the
Authorization header, the token of the logon session or its id. Such a text goes to the
screen, the scrollback, files, hooks and reports. So it is masked once, where it comes in
(`tui.enterprise_manager.scalars`, `.decoding`, `.failures`), and whoever has a secret
registers it here before it is first sent.

What is registered is kept in this module alone and is never given out again.
"""

from __future__ import annotations

import base64
import json
import re
from collections import deque
from functools import partial
from typing import Final
from urllib.parse import quote

MASK: Final = "(masked)"

SHORTEST: Final = 6
"""Characters. A shorter password is one word among others, and masking each of those would
point at it: it is masked only where the text says, or shows, that it is a password. In names,
where nothing repeats a request, also a longer one is only if it is as good as random."""

_SAYS_SO: Final = re.compile(
    r"pass[\s_-]?(?:word|phrase|code)|passwd|pwd|kennwort|credential|secret|authori[sz]ation|basic",
    re.I,
)
_LOOKED_BACK: Final = 48
"""Characters before a short password in which a text says what it is."""

_RENEWALS: Final = 24
"""How many logon sessions are remembered; each was ended before the next one began."""

# Not by `xml.sax.saxutils`, which loads an HTTP client and the mail package.
_IN_XML_TEXT: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_IN_XML_VALUE: Final = _IN_XML_TEXT | str.maketrans({'"': "&quot;", "'": "&apos;"})


class _Registry:
    """What to look for; replaced as a whole, so that other threads see either."""

    def __init__(self) -> None:
        self._lasting: dict[str, None] = {}
        self._passing: deque[str] = deque(maxlen=5 * _RENEWALS)
        self._pattern: re.Pattern[str] | None = None
        self._short: dict[str, str] = {}
        self.short: tuple[tuple[re.Pattern[str], str], ...] = ()
        self.random: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Matches every form of every secret, in any case; None while there is none."""
        return self._pattern

    def add(self, secrets: list[str], *, lasting: bool) -> None:
        """A password lasts as long as the program, what a logon session has does not."""
        fresh = [each for each in secrets if len(each) >= SHORTEST]
        if lasting:
            self._lasting.update(dict.fromkeys(fresh))
        else:
            self._passing.extend(each for each in fresh if each not in self._passing)
        known = [*self._lasting, *self._passing]
        forms = sorted({form for each in known for form in _forms(each)}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, forms)), re.I) if forms else None
        self.random = tuple(self._passing)

    def add_short(self, password: str, user: str) -> None:
        """To be masked as a whole word, and only where the text tells that it is a password."""
        self._short[password] = user
        self.short = tuple((_as_word(each), owner) for each, owner in self._short.items())


_REGISTRY: Final = _Registry()


def _forms(secret: str) -> set[str]:
    """As it is, and as URLs, JSON, XML and dumps of bytes write it."""
    return {
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        secret.translate(_IN_XML_TEXT),
        secret.translate(_IN_XML_VALUE),
    }


def _as_word(secret: str) -> re.Pattern[str]:
    forms = sorted(_forms(secret), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.I)


def register_credentials(user: str, password: str) -> None:
    """A password, and the Authorization header that carries it."""
    pair = base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape"))
    bare = base64.b64encode(password.encode("utf-8", "surrogateescape"))
    if 0 < len(password) < SHORTEST:
        _REGISTRY.add_short(password, user)
    if password:
        encoded = [text.decode("ascii").rstrip("=") for text in (pair, bare)]
        _REGISTRY.add([password, *encoded], lasting=True)


def register_session(token: str, session_id: str | None) -> None:
    """A logon session's token, and the id that discloses it, with and without dashes."""
    bare = (session_id or "").replace("-", "")
    ids = [session_id, session_id.upper(), bare, bare.upper()] if session_id else []
    _REGISTRY.add([token.rstrip("="), *ids], lasting=False)


def masked(text: str) -> str:
    """A message, a reason, a line for a file: without any secret of this program."""
    for word, user in _REGISTRY.short:
        text = word.sub(partial(_unless_by_chance, user), text)
    pattern = _REGISTRY.pattern
    return text if pattern is None else pattern.sub(MASK, text)


def _unless_by_chance(user: str, found: re.Match[str]) -> str:
    """The mask where what stands before says that this is a password: a label, or the user."""
    before = found.string[max(0, found.start() - _LOOKED_BACK) : found.start()]
    of_user = bool(user) and before.lower().endswith(f"{user}:".lower())
    return MASK if of_user or _SAYS_SO.search(before) else found[0]


def masked_name(text: str) -> str:
    """A name or a word. Thousands come with each poll, so only what is random is looked for:
    a password that happens to be a VM's name would only be pointed at by masking it."""
    for secret in _REGISTRY.random:
        if secret in text:
            return masked(text)
    return text
