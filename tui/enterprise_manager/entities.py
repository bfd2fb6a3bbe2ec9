"""One resource of an answer: of the kind that was asked for, and which one it is.

An answer of another kind than asked (a reference without state, an error, a
page of something else, another session) raises `UnreadableAnswer`: showing
nothing new is better than showing a wrong number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeVar

from tui.enterprise_manager import scalars
from tui.enterprise_manager.decoding import Document, Items, items_of, one_line
from tui.errors import UnreadableAnswer

ENTITY_MARKS: Final = frozenset({"uid", "href"})
_LINK_MARKS: Final = frozenset({"rel", "href"})

T = TypeVar("T")
Tree = dict[str, Any]


def entity(document: Document, kind: str, asked_id: str | None = None) -> Tree:
    """The one resource in a document, checked to be of that kind and to be the asked one."""
    content = document.content
    if not isinstance(content, dict):
        raise UnreadableAnswer(f"The server answered with something else than a {kind}.")
    if "statuscode" in content and "uid" not in content:
        said = scalars.message(content.get("message"))
        raise UnreadableAnswer(
            f"The server answered with an error: {one_line(said)}"
            if said
            else "The server answered with an error that has no text."
        )
    if document.root is not None and "type" not in content and document.root != kind.lower():
        raise UnreadableAnswer(f"The server answered with something else than a {kind}.")
    check_kind(content, kind)
    found = identity(content)
    if asked_id is not None and found != asked_id:
        raise UnreadableAnswer(
            f"The server answered with another {kind} than the one asked for ({found})."
        )
    return content


def check_kind(content: Tree, kind: str) -> None:
    """Refuse a resource whose Type or UID says that it is something else."""
    told = scalars.text(content.get("type"))
    if told is not None and told.lower() != kind.lower():
        raise UnreadableAnswer(
            f"The server answered with a {one_line(told, 60)} where a {kind} was asked for."
        )
    uid = scalars.text(content.get("uid")) or ""
    parts = uid.lower().split(":")
    if len(parts) >= 4 and parts[0] == "urn" and parts[2].strip() != kind.lower():
        raise UnreadableAnswer(
            f"The server answered with {one_line(uid, 90)} where a {kind} was asked for."
        )


def identity(content: Tree) -> str:
    """The GUID from UID, Href or the link to its other form.

    Raises `UnreadableAnswer` where none of them has one.
    """
    found = scalars.guid(content.get("uid")) or scalars.guid(content.get("href"))
    if found is None:
        own = (link for link in links_of(content) if word_of(link, "rel") == "alternate")
        found = next((guid for link in own if (guid := scalars.guid(link.get("href")))), None)
    if found is None:
        raise UnreadableAnswer("The server's answer does not say which resource it is.")
    return found


def links_of(content: Tree) -> list[Tree]:
    """The links of a resource; none where they are something else than links."""
    try:
        return items_of(content.get("links"), _LINK_MARKS).found
    except UnreadableAnswer:
        return []


class Parent(NamedTuple):
    """What a resource belongs to: a name for people, and the GUID that tells it apart."""

    name: str | None = None
    id: str | None = None


def parent(content: Tree, kind: str) -> Parent:
    """Name and GUID of the link to the parent of that kind (`backupserverreference`)."""
    for link in links_of(content):
        if word_of(link, "rel") == "up" and word_of(link, "type") == kind:
            return Parent(scalars.text(link.get("name")), scalars.guid(link.get("href")))
    return Parent()


def word_of(content: Tree, key: str) -> str:
    """A word of a resource in lower case; empty where there is none."""
    return (scalars.text(content.get(key)) or "").lower()


def read_all(items: Items, read: Callable[[Tree], T]) -> tuple[tuple[T, ...], int]:
    """What could be read of a list, and how many of its items could not.

    Raises the first item's `UnreadableAnswer` where none could: it is another list then.
    """
    found: list[T] = []
    unreadable = items.unreadable
    failure: UnreadableAnswer | None = None
    for item in items.found:
        try:
            found.append(read(item))
        except UnreadableAnswer as met:
            unreadable += 1
            failure = failure or met
    if failure is not None and not found:
        raise failure.with_traceback(None)
    return tuple(found), unreadable
