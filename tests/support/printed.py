"""What is printed to be typed or copied: in the README, the manual and `--help`.

A marker, a comment in front of a block of code, says how it is to be run where that cannot
be seen: `exit: N` for another exit code than 0, `together` for a block that is one script,
`stubbed` for programs that are not to be run here (each is replaced by one that notes how it
was called), `needs FILE` for a file that has to be there. There may be several.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui.cli.group import EXAMPLES
from tui.manual.blocks import Code, blocks
from tui.manual.names import NAMES
from tui.manual.pages import source

ROOT = Path(__file__).resolve().parents[2]

_INLINE = re.compile(r"`(failover-monitor [^`]+)`")
_EXIT = re.compile(r"exit: (\d+)")
_NEEDS = re.compile(r"needs (\S+)")
_CHOICE = re.compile(r"\w+(\|\w+)+")
_OF_A_SHELL = re.compile(r"[|><;&$]")


@dataclass(frozen=True)
class Printed:
    """A command of one line, or a block of code in another language; where it is printed."""

    place: str
    text: str
    language: str = "sh"
    marker: str = ""

    @property
    def exit_code(self) -> int:
        """What it ends with."""
        found = _EXIT.search(self.marker)
        return int(found[1]) if found else 0

    @property
    def is_stubbed(self) -> bool:
        """Whether its programs are not run, only what they are called with is looked at."""
        return "stubbed" in self.marker

    @property
    def needed_file(self) -> str:
        """A file that has to be there, "" for none."""
        found = _NEEDS.search(self.marker)
        return found[1] if found else ""

    @property
    def is_script(self) -> bool:
        """Whether it is a file of its own, with a test of its own."""
        return "together" in self.marker

    @property
    def needs_a_shell(self) -> bool:
        """Whether it is more than a program and its arguments."""
        bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", self.text)
        return "\n" in self.text or bool(_OF_A_SHELL.search(bare))

    @property
    def words(self) -> list[str]:
        """The program and its arguments, without the comment behind them."""
        return shlex.split(self.text, comments=True)

    def __str__(self) -> str:
        first = self.text.splitlines()[0].partition(" #")[0]
        return f"{self.place}: {first.strip()[:80]}"


def everything() -> list[Printed]:
    """All of it, each once."""
    found: dict[tuple[str, str], Printed] = {}
    for each in (*_help(), *_readme(), *_manual()):
        found.setdefault((each.text, each.marker), each)
    return list(found.values())


def commands() -> list[Printed]:
    """What is typed into a shell."""
    return [each for each in everything() if each.language == "sh"]


def _help() -> Iterator[Printed]:
    for command, _ in EXAMPLES:
        yield Printed("--help", command)


def _readme() -> Iterator[Printed]:
    yield from _of_text("README", (ROOT / "README.md").read_text("utf-8"))


def _manual() -> Iterator[Printed]:
    for name in NAMES:
        yield from _of_text(f"manual {name}", source(name))


def _of_text(place: str, text: str) -> Iterator[Printed]:
    for block in blocks(text):
        if isinstance(block, Code):
            yield from _of_block(place, block)
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    for command in _INLINE.findall(prose):
        for each in _alternatives(" ".join(command.split())):
            yield Printed(place, each)


def _of_block(place: str, block: Code) -> Iterator[Printed]:
    if block.language != "sh" or "together" in block.marker:
        yield Printed(place, "\n".join(block.lines), block.language, block.marker)
        return
    for line in _joined(block.lines):
        yield Printed(place, line, "sh", block.marker)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines that end in a backslash go on in the next one."""
    whole = ""
    for line in lines:
        whole += line.removesuffix("\\")
        if not line.endswith("\\") and whole.strip():
            yield whole.strip()
            whole = ""


def _alternatives(command: str) -> Iterator[str]:
    """`trust list|remove` as two commands."""
    choice = next((word for word in command.split() if _CHOICE.fullmatch(word)), None)
    if choice is None:
        yield command
        return
    for each in choice.split("|"):
        yield from _alternatives(command.replace(choice, each, 1))
