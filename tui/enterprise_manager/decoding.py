"""A body as bytes -> a plain tree with lower-cased keys.

What the body is, is told by its first byte and not by its Content-Type, which
proxies get wrong. JSON keys are read without regard to case because v12 writes
`CreationTimeUTC`, v13.0 `creationTimeUTC`, and 13.x may change back.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import from_json

from tui.enterprise_manager import scalars
from tui.enterprise_manager.xml_tree import parse_xml
from tui.errors import NotEnterpriseManager, UnreadableAnswer

_SPACE: Final = b" \t\r\n"
_HTML: Final = re.compile(rb"<(!doctype\s+html|html|head|body|title|h\d|p)\b", re.IGNORECASE)
_TITLE: Final = re.compile(rb"<title[^>]*>([^<]{1,300})", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_BESIDE_THE_LIST: Final = frozenset({"links", "paginginfo", "type", "href", "name"})


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded body. `root` is the XML root's lower-cased name, None for JSON."""

    root: str | None
    content: Any


def parse(body: bytes) -> Document:
    """Decode a body. Raises `UnreadableAnswer`, `NotEnterpriseManager` for a web page."""
    body, encoding = _without_bom(body)
    first = body.lstrip(_SPACE)[:1] if body[:1] in (b" ", b"\t", b"\r", b"\n") else body[:1]
    if first == b"<":
        if is_web_page(body):
            raise NotEnterpriseManager(
                f"A web page came instead of data{_page_title(body)}.",
                "Another product or a proxy may be answering at this address and port.",
            )
        return Document(*parse_xml(body.lstrip(_SPACE), encoding))
    if first in (b"{", b"["):
        return Document(None, parse_json(body))
    if not first:
        raise UnreadableAnswer("The server's answer is empty.")
    raise UnreadableAnswer("The server's answer is neither JSON nor XML.")


def is_web_page(body: bytes) -> bool:
    """Whether a body begins as HTML does."""
    return _HTML.match(body[:256].removeprefix(codecs.BOM_UTF8).lstrip(_SPACE)) is not None


def _without_bom(body: bytes) -> tuple[bytes, str | None]:
    """The body without byte order mark; UTF-16 becomes UTF-8, then named as such."""
    if body.startswith(codecs.BOM_UTF8):
        return body[3:], None
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace").encode("utf-8", "replace"), "utf-8"
    return body, None


def _page_title(body: bytes) -> str:
    title = _TITLE.search(body[:4096])
    return f" (“{one_line(title[1].decode('utf-8', 'replace'), 80)}”)" if title else ""


_LOWER: Final[dict[str, str]] = {}
_LOWER_LIMIT: Final = 2000
TASKS: Final = "cloudfailovertasks"
"""The member that holds nearly all of a big answer. It keeps its keys as the server
spelled them, and `tasks.py` reads it without regard to case."""


def lowered(members: dict[str, Any]) -> dict[str, Any]:
    """The same members under lower-cased keys."""
    try:
        return {_LOWER[key]: value for key, value in members.items()}
    except KeyError:
        if len(_LOWER) < _LOWER_LIMIT:
            _LOWER.update((key, key.lower()) for key in members)
        return {key.lower(): value for key, value in members.items()}


def parse_json(body: bytes) -> Any:
    """JSON with lower-cased keys, but those of the tasks. Raises `UnreadableAnswer`."""
    try:
        tree = from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _patiently(body)
    return _lowered_within(tree)


def _lowered_within(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: inner if key == TASKS else _lowered_within(inner)
            for key, inner in lowered(value).items()
        }
    return [_lowered_within(item) for item in value] if isinstance(value, list) else value


def _patiently(body: bytes) -> Any:
    """The standard library forgives more, and says what is wrong with the rest."""
    problem = ""
    try:
        return json.loads(body, object_hook=lowered, parse_constant=lambda _name: None)
    except RecursionError:
        problem = "nested too deeply to be real"
    except UnicodeDecodeError:
        problem = "damaged JSON: not UTF-8"
    except json.JSONDecodeError as failure:
        # The exception holds the whole body; only its words go further.
        problem = f"damaged JSON (line {failure.lineno}: {failure.msg})"
    except ValueError:
        problem = "damaged JSON: a number of absurd length"
    raise UnreadableAnswer(
        f"The server's answer is {problem}.",
        "It may have been cut off on the way; trying again may help.",
    )


def items_of(value: Any, marks: frozenset[str]) -> list[dict[str, Any]]:
    """The items of a list in any of the shapes that servers give it.

    Accepts a bare array, a wrapper holding the list under whatever key, a single
    object, null and a missing member. `marks` are keys that tell an item from a
    wrapper. Raises `UnreadableAnswer` where the items cannot be told, because a
    wrong count is worse than none.
    """
    if value is None or value == "":
        return []
    if isinstance(value, dict):
        if not marks.isdisjoint(value):
            return [value]
        value = _inside_wrapper(value)
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        raise UnreadableAnswer("The server's answer holds something else where a list belongs.")
    found = [item for item in value if item is not None]
    if not all(isinstance(item, dict) for item in found):
        raise UnreadableAnswer("The server's answer holds a list of something unknown.")
    return found


def _inside_wrapper(wrapper: dict[str, Any]) -> Any:
    """The one list or single item in a wrapper; an empty list if all is null in it."""
    inner = [
        value for key, value in wrapper.items() if value is not None and key not in _BESIDE_THE_LIST
    ]
    if len(inner) > 1:
        raise UnreadableAnswer("The server's answer holds several things where a list belongs.")
    return inner[0] if inner else []


def member(value: Any, *path: str) -> Any:
    """The member at a path of keys, None where anything on the way is missing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def error_text(body: bytes) -> str | None:
    """What a person may read of an error answer: one line, at most 300 characters.

    The `Message` of an Error in JSON or XML, else the title of a web page, else
    the first words of the text; None where there are none.
    """
    try:
        content = parse(body).content
    except UnreadableAnswer:
        title = _TITLE.search(body[:4096])
        raw = title[1] if title else body[:2000]
        return one_line(_TAG.sub(" ", raw.decode("utf-8-sig", "replace"))) or None
    found = scalars.text(member(content, "message"))
    found = found or scalars.text(member(content, "firstchanceexceptionmessage"))
    return one_line(found) or None if found else None


def one_line(text: str, limit: int = 300) -> str:
    """Text from a server for a sentence: one line, printable, bounded."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text[: limit * 4]).split())
    return words if len(words) <= limit else f"{words[: limit - 1]}…"
