"""What all documents share: addresses, dates, links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tui.simulator.entities import BackupServer, ReplicaPoint
from tui.simulator.wire import Api, Bare, Field, Node, attribute, element


def link(rel: str, href: str, name: str | None = None, kind: str | None = None) -> Node:
    """A Link: all its members are attributes."""
    return tagged_link("Link", rel, href, name, kind)


def tagged_link(tag: str, rel: str, href: str, name: str | None, kind: str | None) -> Node:
    """A Link under another element name."""
    return Node(
        tag,
        [
            attribute("Rel", rel),
            attribute("Href", href),
            attribute("Name", name),
            attribute("Type", kind),
        ],
    )


def resource(href: str | None, kind: str | None, links: Sequence[Node]) -> list[Field]:
    """The members that every resource has."""
    return [element("Links", Bare(links)), attribute("Href", href), attribute("Type", kind)]


def named(name: str, kind: str, uid: str) -> list[Field]:
    """The members that every resource with an identity has."""
    return [attribute("Name", name), attribute("UID", f"urn:veeam:{kind}:{uid}")]


class DocumentParts:
    """`base` is the server's own idea of its address, `begin` the date of second 0."""

    def __init__(self, base: str, begin: datetime, api: Api) -> None:
        self._base = base
        self._begin = begin
        self.api = api

    def href(self, path: str) -> str:
        """The address of a resource, as the server believes it to be."""
        return f"{self._base}/api/{path}"

    def moment(self, seconds: float) -> datetime:
        """The date of a scenario second."""
        return self._begin + timedelta(seconds=seconds)

    def date(self, seconds: float | None) -> str | None:
        """ISO 8601 with Z: up to 3 digits of fraction (v12) or 6 (v13), trailing zeros cut."""
        if seconds is None:
            return None
        text = self.moment(seconds).strftime("%Y-%m-%dT%H:%M:%S.%f")
        if self.api == "v12":
            text = text[:-3]
        return text.rstrip("0").rstrip(".") + "Z"

    def point_name(self, point: ReplicaPoint) -> str:
        """`vm@yyyy-MM-dd HH:mm:ss`."""
        return f"{point.vm}@{self.moment(point.created):%Y-%m-%d %H:%M:%S}"

    def up(self, server: BackupServer) -> Node:
        """The backup server that something belongs to."""
        href = self.href(f"backupServers/{server.uid}")
        return link("Up", href, server.name, "BackupServerReference")

    def alternate(self, path: str, name: str, kind: str, *, entity: bool) -> Node:
        """The other form of a resource: a reference's entity, an entity's reference."""
        if entity:
            return link("Alternate", self.href(path), name, f"{kind}Reference")
        return link("Alternate", self.href(f"{path}?format=Entity"), name, kind)
