"""The report as text for a terminal or a mail, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from tui.presentation.text import cells, clean
from tui.report.model import Report
from tui.report.sections import Block, Facts, Sentences, SignOff, Table, sections, title

_RULE = "_" * 30


def as_text(report: Report) -> str:
    """The report in plain lines; a table's columns are as wide as what they hold."""
    lines = [_one_line(title(report)), "=" * cells(_one_line(title(report)))]
    for section in sections(report):
        blocks = [list(_text(block)) for block in section.blocks]
        if any(blocks):
            lines += ["", section.title, "-" * cells(section.title)]
            for block in blocks:
                lines += block
    return "\n".join(lines) + "\n"


def as_markdown(report: Report) -> str:
    """The report in Markdown with tables; whatever the server sent is text, not markup."""
    lines = [f"# {_escaped(title(report))}"]
    for section in sections(report):
        blocks = [list(_markdown(block)) for block in section.blocks]
        if any(blocks):
            lines += ["", f"## {section.title}"]
            for block in blocks:
                lines += ["", *block] if block else []
    return "\n".join(lines) + "\n"


def _text(block: Block) -> Iterator[str]:
    if isinstance(block, Facts):
        width = max((cells(_one_line(label)) for label, _ in block.rows), default=0)
        for label, value in block.rows:
            yield f"{_padded(_one_line(label), width)}  {_one_line(value)}"
    elif isinstance(block, Sentences):
        yield from (_one_line(text) for text in block.texts)
    elif isinstance(block, SignOff):
        for role in block.roles:
            yield f"{role:14}  name {_RULE}  date {_RULE[:12]}  signature {_RULE}"
    elif isinstance(block, Table):
        yield f"{block.caption}:"
        rows = [block.heads, *(tuple(_one_line(cell) for cell in row) for row in block.rows)]
        widths = [max(cells(row[place]) for row in rows) for place in range(len(block.heads))]
        for row in rows:
            joined = "  ".join(
                _padded(cell, width) for cell, width in zip(row, widths, strict=True)
            )
            yield f"  {joined}".rstrip()


def _markdown(block: Block) -> Iterator[str]:
    if isinstance(block, Facts):
        yield "| | |"
        yield "| --- | --- |"
        for label, value in block.rows:
            yield f"| {_escaped(label)} | {_escaped(value)} |"
    elif isinstance(block, Sentences):
        for place, text in enumerate(block.texts):
            if place:
                yield ""
            yield _escaped(text)
    elif isinstance(block, SignOff):
        yield "| Role | Name | Date | Signature |"
        yield "| --- | --- | --- | --- |"
        for role in block.roles:
            yield f"| {role} | | | |"
    elif isinstance(block, Table):
        yield "| " + " | ".join(_escaped(head) for head in block.heads) + " |"
        yield "|" + " --- |" * len(block.heads)
        for row in block.rows:
            yield "| " + " | ".join(_escaped(cell) for cell in row) + " |"


def _one_line(text: str) -> str:
    return clean(text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


_SPECIAL = {ord(sign): f"\\{sign}" for sign in "\\`*_{}[]()#+|~>!"} | {
    ord("<"): "&lt;",
    ord("&"): "&amp;",
}


def _escaped(text: str) -> str:
    return _one_line(text).translate(_SPECIAL)
