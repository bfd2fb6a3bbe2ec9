"""A body as bytes -> a plain tree with lower-cased keys.

What the body is, is told by its first byte and not by its Content-Type, which
proxies get wrong. JSON keys are read without regard to case because v12 writes
`CreationTimeUTC`, v13.0 `creationTimeUTC`, and 13.x may change back.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from tui.enterprise_manager import scalars
from tui.enterprise_manager.xml_tree import parse_xml
from tui.errors import NotEnterpriseManager, UnreadableAnswer
from tui.light import dataclass
from tui.masking import masked

_SPACE: Final = b" \t\r\n"
_HTML: Final = re.compile(
    rb"(?>(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->|\s)*)"
    rb"<(?:!doctype\s+html|html|head|body|title|h\d|p)(?![\w:.-])",
    re.IGNORECASE | re.DOTALL,
)
_TITLE: Final = re.compile(rb"<title[^>]*>([^<]{1,300})", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_BESIDE_THE_LIST: Final = frozenset({"links", "paginginfo", "type", "href", "name"})


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded body. `root` is the XML root's lower-cased name, None for JSON."""

    root: str | None
    content: Any


MOST_PARTS: Final = 600_000
"""Objects, lists, tags, members or attributes in a body; a session of 40,000 VMs, which is as
large as an answer may be, has 460,000 tags in XML and 410,000 members in JSON.

Each takes up to a hundred times its size once decoded: 15 MB of nothing else took 1.5 GB.
"""

QUICKLY_UP_TO: Final = 200_000
"""Parts of JSON; more is read by the standard library. That takes three times as long, but
where there is not enough memory it says so, while what is written in Rust panics: it prints
over the screen. A session of 15,000 VMs has 150,000."""

PART_SIGNS: Final = (b"{", b"[", b"<", b",", b"=")


def parse(body: bytes) -> Document:
    """Decode a body. Raises `UnreadableAnswer`, `NotEnterpriseManager` for a web page."""
    body, encoding = _without_bom(body)
    parts = max(map(body.count, PART_SIGNS))
    if parts > MOST_PARTS:
        raise UnreadableAnswer(
            f"The server's answer holds more than {MOST_PARTS:,} parts, so it was dropped.",
            "Another product or a proxy may be answering at this address and port.",
        )
    first = body.lstrip(_SPACE)[:1] if body[:1] in (b" ", b"\t", b"\r", b"\n") else body[:1]
    if first == b"<":
        if is_web_page(body):
            raise NotEnterpriseManager(
                f"A web page came instead of data{_page_title(body)}.",
                "Another product or a proxy may be answering at this address and port.",
            )
        return Document(*parse_xml(body.lstrip(_SPACE), encoding))
    if first in (b"{", b"["):
        return Document(None, parse_json(body) if parts < QUICKLY_UP_TO else _patiently(body))
    if not first:
        raise UnreadableAnswer("The server's answer is empty.")
    raise UnreadableAnswer("The server's answer is neither JSON nor XML.")


def is_web_page(body: bytes) -> bool:
    """Whether a body begins as HTML does."""
    return _HTML.match(body[:512].removeprefix(codecs.BOM_UTF8)) is not None


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
    """JSON with lower-cased keys, but those of the tasks.

    Raises `UnreadableAnswer`, and `MemoryError`, which `failures_heard` makes one.
    """
    try:
        return strict_json(body, lower=True)
    except ValueError:
        return _patiently(body)


def strict_json(body: bytes, *, lower: bool = False) -> Any:
    """JSON as it should be; with `lower` as `parse_json` gives it.

    Raises ValueError, and MemoryError where there is not enough for it.
    """
    try:
        tree = from_json(body, allow_inf_nan=False, cache_strings="keys")
    except Exception:
        raise
    except BaseException as failure:
        # What is written in Rust panics where it gets no memory, past every `Exception`.
        if type(failure).__module__ != "pyo3_runtime":
            raise
    else:
        return _lowered_within(tree) if lower else tree
    raise MemoryError


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


class Items(NamedTuple):
    """The items of a list that can be items, and how many there are of other things."""

    found: list[dict[str, Any]]
    unreadable: int = 0


def items_of(value: Any, marks: frozenset[str]) -> Items:
    """The items of a list in any of the shapes that servers give it.

    Accepts a bare array, a wrapper holding the list under whatever key, a single
    object, null and a missing member. `marks` are keys that tell an item from a
    wrapper. What stands in the list and is no item is counted. Raises
    `UnreadableAnswer` where none of the items can be told, because a wrong count is
    worse than none.
    """
    if value is None or value == "":
        return Items([])
    if isinstance(value, dict):
        within = _inside_wrapper(value, marks)
        if within is None:
            return Items([value])
        value = within
    if not isinstance(value, list):
        raise UnreadableAnswer("The server's answer holds something else where a list belongs.")
    found = [item for item in value if isinstance(item, dict) and item]
    if value and not found:
        raise UnreadableAnswer("The server's answer holds a list of something unknown.")
    return Items(found, len(value) - len(found))


def _inside_wrapper(wrapper: dict[str, Any], marks: frozenset[str]) -> Any:
    """The list in a wrapper, empty if there is nothing in it; None for an item itself.

    Members beside the list, such as a count, say nothing; several that hold items are
    one too many.
    """
    inner = {
        key: value
        for key, value in wrapper.items()
        if value is not None and key not in _BESIDE_THE_LIST
    }
    holding = [value for value in inner.values() if _holds_items(value, marks)]
    if not holding and not marks.isdisjoint(wrapper):
        return None
    if not holding:
        holding = [value for value in inner.values() if isinstance(value, list | dict)]
    if len(holding) > 1:
        raise UnreadableAnswer("The server's answer holds several things where a list belongs.")
    if holding:
        return [holding[0]] if isinstance(holding[0], dict) else holding[0]
    if any(scalars.number(value) != 0 for value in inner.values()):
        raise UnreadableAnswer("The server's answer holds something else where a list belongs.")
    return []


def _holds_items(value: Any, marks: frozenset[str]) -> bool:
    """Whether it is an item or a list of some; keys may be in the server's own case."""
    candidates = value if isinstance(value, list) else [value]
    return any(
        isinstance(item, dict) and any(key.lower() in marks for key in item) for item in candidates
    )


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
    words = masked(words)
    return words if len(words) <= limit else f"{words[: limit - 1]}…"
