"""The report as one HTML file: no script, nothing from outside, prints to A4 and Letter.

Made as a tree, never by joining text, so that whatever a server sent can only become text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tui.presentation.text import clean
from tui.report.model import Report
from tui.report.sections import (
    Block,
    Facts,
    Section,
    Sentences,
    SignOff,
    Table,
    Timeline,
    sections,
    title,
)
from tui.report.timeline_svg import timeline_svg

_STYLE: Final = """
:root { color-scheme: light; }
body { font: 10pt/1.45 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #1a1a1a;
  background: #fff; margin: 2rem auto; max-width: 72rem; padding: 0 1.5rem; }
h1 { font-size: 1.6em; margin: 0 0 .2em; }
h2 { font-size: 1.15em; margin: 1.8em 0 .5em; border-bottom: 1px solid #767676; }
p { margin: .4em 0; }
.headline { font-size: 1.25em; font-weight: 700; }
table { border-collapse: collapse; width: 100%; margin: .6em 0 1em; }
caption { text-align: left; font-weight: 600; padding: .2em 0; }
th, td { text-align: left; vertical-align: top; padding: .25em .5em;
  border-bottom: 1px solid #c8c8c8; }
.facts th, tbody .long { overflow-wrap: anywhere; white-space: normal; }
.long { overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #767676; }
tbody th { font-weight: 600; white-space: nowrap; }
.facts th { width: 16rem; }
.failed { background: #fdecea; } .failed td:nth-child(2) { color: #8f1414; font-weight: 700; }
.warning { background: #fff6df; } .warning td:nth-child(2) { color: #6b4700; font-weight: 700; }
table.wide { font-size: .82em; }
svg { display: block; width: 100%; height: auto; }
.signoff td { height: 2.6em; }
footer { margin-top: 2em; font-size: .85em; color: #4a4a4a; }
@page { margin: 14mm; }
@page wide { size: landscape; margin: 12mm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 9pt; }
  h2 { break-after: avoid; } tr, .signoff, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  section.wide { page: wide; break-before: page; break-after: page; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

_LONG_WORD: Final = 24
"""Letters from which on a word may be broken anywhere, so that a table stays on its page."""


def as_html(report: Report) -> str:
    """The whole document."""
    page = Element("html", lang="en")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    # Nothing may be loaded, whatever a browser thinks it found.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    _put(head, "title", title(report))
    SubElement(head, "style").text = _STYLE
    main = SubElement(SubElement(page, "body"), "main")
    _put(main, "h1", title(report))
    for number, section in enumerate(sections(report)):
        main.append(_section(section, first=number == 0))
    indent(page, " ")
    text = tostring(page, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n"


def _put(parent: Element, tag: str, text: str, attributes: dict[str, str] | None = None) -> Element:
    child = SubElement(parent, tag, attributes or {})
    child.text = clean(text)
    if any(len(word) > _LONG_WORD for word in child.text.split()):
        child.set("class", "long")
    return child


def _section(section: Section, *, first: bool) -> Element:
    made = Element("section")
    _put(made, "h2", section.title)
    for block in section.blocks:
        made.extend(_block(block))
    if made.find("table[@class='wide']") is not None:
        made.set("class", "wide")
    if first:
        paragraph = made.find("p")
        if paragraph is not None:
            paragraph.set("class", "headline")
    return made


def _block(block: Block) -> Iterator[Element]:
    if isinstance(block, Facts):
        yield _facts(block)
    elif isinstance(block, Sentences):
        for text in block.texts:
            paragraph = Element("p")
            paragraph.text = clean(text)
            yield paragraph
    elif isinstance(block, Table):
        yield _table(block)
    elif isinstance(block, Timeline):
        yield timeline_svg(block)
    elif isinstance(block, SignOff):
        yield _sign_off(block)


def _facts(block: Facts) -> Element:
    table = Element("table", {"class": "facts"})
    body = SubElement(table, "tbody")
    for label, value in block.rows:
        row = SubElement(body, "tr")
        _put(row, "th", label, {"scope": "row"})
        _put(row, "td", value)
    return table


def _table(block: Table) -> Element:
    table = Element("table", {"class": "wide"} if len(block.heads) > 7 else {})
    _put(table, "caption", block.caption)
    heads = SubElement(SubElement(table, "thead"), "tr")
    for head in block.heads:
        _put(heads, "th", head, {"scope": "col"})
    body = SubElement(table, "tbody")
    for place, cells in enumerate(block.rows):
        status = block.statuses[place] if block.statuses else ""
        row = SubElement(body, "tr", {"class": status} if status.isalpha() else {})
        for column, cell in enumerate(cells):
            if column == 0:
                _put(row, "th", cell, {"scope": "row"})
            else:
                _put(row, "td", cell)
    return table


def _sign_off(block: SignOff) -> Element:
    table = Element("table", {"class": "signoff"})
    _put(table, "caption", "To be filled in by hand")
    heads = SubElement(SubElement(table, "thead"), "tr")
    for head in ("Role", "Name", "Date", "Signature"):
        _put(heads, "th", head, {"scope": "col"})
    body = SubElement(table, "tbody")
    for role in block.roles:
        row = SubElement(body, "tr")
        _put(row, "th", role, {"scope": "row"})
        for _ in range(3):
            SubElement(row, "td")
    return table
